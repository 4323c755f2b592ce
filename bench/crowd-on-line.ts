import type { ConsoleOnLine } from './console-on-line.js';
import { EACH, ROOM, sessionsOf } from './crowd.js';
import { PlainConsole, SharedReading } from './plain-console.js';
import { SdkConsole } from './sdk-console.js';

const LOOK_EVERY_MS = 5;
/** So many come at once. */
const AT_ONCE = 20;
/**
 * One of so many is as the SDK makes it; as the others, it comes back by the SDK's pauses and keeps its cards in the SDK's
 * store. All of them so would need twice as much of the processors as the hub, which has to share them.
 */
const ONE_BY_SDK = 10;

/** Many consoles whose lines can be held, cut and led to another hub, and how they fare. */
export class CrowdOnLine {
  private readonly consoles: ConsoleOnLine[] = [];
  private readonly reading = new SharedReading();
  /** Of the last cut. */
  private times: number[] = [];

  /** `agents`: how many of them others have taken already. */
  async open({ hub, count, agents }: { hub: string; count: number; agents: number }): Promise<void> {
    const sessions = await sessionsOf(hub, Math.ceil(count / EACH), agents);
    const come = async (n: number): Promise<void> => {
      const [session, name] = [sessions[Math.floor(n / EACH)]!, `console ${agents} ${n}`];
      if (n % ONE_BY_SDK === 0) this.consoles.push(await SdkConsole.at(hub, session, ROOM, name));
      else this.consoles.push(await PlainConsole.at(hub, session.token, ROOM, name, this.reading));
    };
    for (let n = 0; n < count; n += AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - n) }, (_, i) => come(n + i)));
    }
  }

  /** From now on they hear nothing. */
  hold(): void {
    for (const console of this.consoles) console.hold();
  }

  /** All lines are cut and led to another hub; from then on it is noted when each has everything up to `offset`. */
  cutOver({ hub, offset }: { hub: string; offset: number }): void {
    const times: number[] = (this.times = []);
    this.reading.forget();
    const begun = performance.now();
    for (const console of this.consoles) {
      console.leadTo(hub);
      console.whenAt(offset, () => times.push(performance.now() - begun));
    }
  }

  /** When each of those who are back in time had everything, ms after the cut. */
  async caughtUp({ withinMs }: { withinMs: number }): Promise<number[]> {
    const end = performance.now() + withinMs;
    while (this.times.length < this.consoles.length && performance.now() < end) {
      await new Promise((again) => setTimeout(again, LOOK_EVERY_MS));
    }
    return this.times;
  }

  /** How each console's room stands. */
  standing(): { offset: number; stands: string[] } {
    return {
      offset: Math.max(...this.consoles.map(({ offset }) => offset)),
      stands: this.consoles.map(({ stands }) => stands),
    };
  }

  /** What the processor has done for this process, ms. */
  cpuMs(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }

  close(): void {
    for (const console of this.consoles) console.close();
  }
}

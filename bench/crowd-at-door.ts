import { Crowd } from './crowd.js';
import { Door } from './door.js';

const LOOK_EVERY_MS = 5;

/** Many consoles whose lines can be held, cut and led to another hub, and how they fare. */
export class CrowdAtDoor {
  private crowd: Crowd | undefined;
  private door: Door | undefined;
  private times: number[] = [];

  /** `agents`: how many of them others have taken already. */
  async open({ hub, count, agents }: { hub: string; count: number; agents: number }): Promise<void> {
    this.door = await Door.to(hub);
    this.crowd = await Crowd.at(hub, this.door.url, count, () => undefined, agents);
  }

  /** From now on they hear nothing. */
  hold(): void {
    this.door!.hold();
  }

  /** All lines are cut and led to another hub; from then on it is noted when each has everything up to `offset`. */
  cutOver({ hub, offset }: { hub: string; offset: number }): void {
    const begun = performance.now();
    for (const { room } of this.crowd!.watchers) {
      const stop = room.onChange(() => {
        if (room.state !== 'live' || room.offset < offset) return;
        stop();
        this.times.push(performance.now() - begun);
      });
    }
    this.door!.cutOverTo(hub);
  }

  /** When each of those who are back in time had everything, ms after the cut. */
  async caughtUp({ withinMs }: { withinMs: number }): Promise<number[]> {
    const end = performance.now() + withinMs;
    const { watchers } = this.crowd!;
    while (this.times.length < watchers.length && performance.now() < end) {
      await new Promise((again) => setTimeout(again, LOOK_EVERY_MS));
    }
    return this.times;
  }

  /** How each console's room stands, in words that are the same for the same content. */
  standing(): { offset: number; stands: string[] } {
    const rooms = this.crowd!.watchers.map(({ room }) => room);
    return {
      offset: Math.max(...rooms.map(({ offset }) => offset)),
      stands: rooms.map(({ offset, cards }) => `${offset} ${cards.size}`),
    };
  }

  /** What the processor has done for this process, ms. */
  cpuMs(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }

  close(): void {
    this.crowd?.close();
    this.door?.close();
  }
}

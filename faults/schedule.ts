import { chances } from '../simulation/chance.js';
import type { FaultKind } from './history/entry.js';
import type { Recorder } from './history/recorder.js';
import type { Spell } from './recovery.js';
import { type Lane, pause, type ServerFault } from './servers/servers.js';

/** Where only some things break; shorter ones would leave consoles no time to come back between them. */
const LONGEST_REST = 6;

/** Breaks one thing after the other in each lane, and the lanes side by side; seeded: what, how long, and when. */
export class Schedule {
  readonly injected = new Map<FaultKind, number>();
  /** What befell, and how long it lasted. */
  readonly spells: Spell[] = [];
  private going = true;
  private breaking: Promise<unknown> | undefined;

  constructor(
    private readonly lanes: readonly Lane[],
    private readonly seed: number,
    private readonly recorder: Recorder,
    /** From one fault of lines to the next, ms on the average; servers rest for longer. */
    private readonly everyMs: number,
    /** Only these, where some are named. */
    private readonly only?: readonly FaultKind[],
  ) {}

  get count(): number {
    return [...this.injected.values()].reduce((sum, count) => sum + count, 0);
  }

  start(): void {
    this.breaking = Promise.all(this.lanes.map((lane, n) => this.run(lane, chances(this.seed, `lane ${n}`))));
    // Who waits for the end learns of it.
    this.breaking.catch(() => undefined);
  }

  /** Resolves when all that was broken is whole again. */
  async stop(): Promise<void> {
    this.going = false;
    await this.breaking;
  }

  private async run({ faults, rest }: Lane, random: () => number): Promise<void> {
    const possible = faults.filter(({ kind }) => this.only?.includes(kind) ?? true);
    const everyMs = this.everyMs * (this.only ? Math.min(rest, LONGEST_REST) : rest);
    while (this.going && possible.length > 0) {
      await this.rest(everyMs * 2 * random());
      if (!this.going) return;
      const fault = choose(possible, random);
      this.injected.set(fault.kind, (this.injected.get(fault.kind) ?? 0) + 1);
      const from = performance.now();
      const target = await fault.befall(random);
      this.spells.push({ fault: fault.kind, target, from, to: performance.now() });
      this.recorder.add({ kind: 'fault', fault: fault.kind, target });
    }
  }

  /** No longer than it goes on. */
  private async rest(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (this.going && performance.now() < end) await pause(Math.min(50, Math.max(0, end - performance.now())));
  }
}

function choose(possible: readonly ServerFault[], random: () => number): ServerFault {
  const whole = possible.reduce((sum, { weight }) => sum + weight, 0);
  let at = random() * whole;
  return possible.find(({ weight }) => (at -= weight) < 0) ?? possible[0]!;
}

import { chances } from '../simulation/chance.js';
import type { FaultKind } from './history/entry.js';
import type { Recorder } from './history/recorder.js';
import type { Staff } from './crew/staff.js';
import { pause, type Servers } from './servers/servers.js';

/** A fault and how often it comes, beside the others. Resolves when what it did is over, and answers what it hit. */
interface Fault {
  kind: FaultKind;
  weight: number;
  befall(random: () => number): Promise<string>;
}

const JUMP_MS = 3 * 3_600_000;

/** Breaks one thing after the other, seeded: what, how long, and when. */
export class Schedule {
  readonly injected = new Map<FaultKind, number>();
  private readonly random: () => number;
  private readonly possible: readonly Fault[];
  private going = true;
  private breaking: Promise<void> | undefined;

  constructor(
    servers: Servers,
    staff: Staff,
    seed: number,
    private readonly recorder: Recorder,
    /** From one fault's end to the next one's begin, ms on the average. */
    private readonly everyMs: number,
    /** Only these, where some are named. */
    only?: readonly FaultKind[],
  ) {
    this.random = chances(seed, 'faults');
    const all = [...servers.faults, ...lineFaults(servers, staff)];
    this.possible = only ? all.filter(({ kind }) => only.includes(kind)) : all;
  }

  get count(): number {
    return [...this.injected.values()].reduce((sum, count) => sum + count, 0);
  }

  start(): void {
    this.breaking = this.run();
  }

  /** Resolves when all that was broken is whole again. */
  async stop(): Promise<void> {
    this.going = false;
    await this.breaking;
  }

  private async run(): Promise<void> {
    while (this.going && this.possible.length > 0) {
      await pause(this.everyMs * 2 * this.random());
      if (!this.going) return;
      const fault = this.choose();
      this.injected.set(fault.kind, (this.injected.get(fault.kind) ?? 0) + 1);
      const target = await fault.befall(this.random);
      this.recorder.add({ kind: 'fault', fault: fault.kind, target });
    }
  }

  private choose(): Fault {
    const whole = this.possible.reduce((sum, { weight }) => sum + weight, 0);
    let at = this.random() * whole;
    return this.possible.find(({ weight }) => (at -= weight) < 0) ?? this.possible[0]!;
  }
}

function lineFaults(servers: Servers, { clocks }: Staff): Fault[] {
  const lineOf = (random: () => number) => servers.nodes[Math.floor(random() * servers.nodes.length)]!.line;
  const hit = (connections: number): Promise<string> => Promise.resolve(`${connections} connections`);
  return [
    { kind: 'line cut', weight: 4, befall: (random) => hit(lineOf(random).cut(random() * 0.5, random)) },
    {
      kind: 'line half open',
      weight: 2,
      befall: (random) => hit(lineOf(random).halfOpen(random() * 0.2, random, 300 + 1_500 * random())),
    },
    {
      kind: 'line delayed',
      weight: 1,
      befall: async (random) => {
        const line = lineOf(random);
        line.delay(20 + 200 * random());
        await pause(200 + 600 * random());
        line.delay(0);
        return 'line';
      },
    },
    {
      kind: 'reading stopped',
      weight: 2,
      befall: (random) => hit(lineOf(random).stopReading(random() * 0.3, random, 500 + 3_000 * random())),
    },
    {
      kind: 'client clock jumped',
      weight: 1,
      befall: (random) => {
        clocks[Math.floor(random() * clocks.length)]?.jump((random() - 0.5) * 2 * JUMP_MS);
        return Promise.resolve('one console');
      },
    },
  ];
}

import { chances } from '../../simulation/chance.js';
import type { Staff } from './staff.js';

/** What people who act have in common: whose consoles, which chance, and whether it goes on. */
export interface Flow {
  readonly staff: Staff;
  readonly seed: number;
  readonly going: boolean;
  /** How long a person takes between two things, ms on the average. */
  readonly paceMs: number;
  /** Orders that units work on, for whoever adds to one. */
  readonly handled: { orderNo: string; unitId: string }[];
}

/** A person's own chance and pace. */
export class Habits {
  readonly random: () => number;

  constructor(
    private readonly flow: Flow,
    name: string,
  ) {
    this.random = chances(flow.seed, name);
  }

  happens(share: number): boolean {
    return this.random() < share;
  }

  oneOf<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)]!;
  }

  think(times = 1): Promise<void> {
    return new Promise((go) => setTimeout(go, this.flow.paceMs * times * 2 * this.random()));
  }
}

/** Does it again and again, until all go home. A program's own fault ends the round; what the hub refuses does not. */
export async function whileGoing(flow: Flow, act: () => Promise<void>): Promise<void> {
  while (flow.going) await act();
}

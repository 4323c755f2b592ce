import type { TrailEntry } from '@minqing-hub/client-sdk/protocol';
import { type Held, holdAgainstLog } from './hold-against-log.js';
import type { Standard } from './limits.js';
import type { MonthPeople } from './month-people.js';
import { type CalendarSince, clocksExpected, type ExpectedClock } from './oracle.js';

interface Watched {
  standard: Standard | null;
  trail: TrailEntry[];
  /** When the next clock of it has something to say. */
  next: number;
}

const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 25;
/** More are not asked for at once. */
const AT_ONCE = 20;

/** The orders of the month and what their clocks must say next. */
export class WatchedOrders {
  private readonly orders = new Map<string, Watched>();
  private readonly changed = new Set<string>();

  constructor(
    private readonly people: MonthPeople,
    private readonly calendars: readonly CalendarSince[],
  ) {}

  get count(): number {
    return this.orders.size;
  }

  /** Somebody did something about it. */
  touched(orderNo: string): void {
    this.changed.add(orderNo);
  }

  /** Another calendar may move everything. */
  allTouched(): void {
    for (const orderNo of this.orders.keys()) this.changed.add(orderNo);
  }

  /** When the next signal of any of them is due. */
  async next(now: number): Promise<number> {
    const changed = [...this.changed];
    this.changed.clear();
    await inPortions(changed, (orderNo) => this.look(orderNo, now));
    return Math.min(Infinity, ...[...this.orders.values()].map(({ next }) => next));
  }

  /** Waits until everything that was due by `now` has been said. False: not all of it was. */
  async untilSaid(now: number): Promise<boolean> {
    const end = performance.now() + PATIENCE_MS;
    let due = [...this.orders].filter(([, { next }]) => next <= now).map(([orderNo]) => orderNo);
    while (due.length > 0) {
      const silent: string[] = [];
      await inPortions(due, async (orderNo) => {
        await this.look(orderNo, now);
        if (this.held(orderNo, now).missing.length > 0) silent.push(orderNo);
      });
      due = silent;
      if (performance.now() > end) return false;
      if (due.length > 0) await new Promise((again) => setTimeout(again, LOOK_EVERY_MS));
    }
    return true;
  }

  /** All of them against the log as it is now. */
  async holdAll(now: number): Promise<Held[]> {
    const numbers = [...this.orders.keys()];
    await inPortions(numbers, (orderNo) => this.look(orderNo, now));
    return numbers.map((orderNo) => this.held(orderNo, now));
  }

  /** Clocks that are over and that the hub acts upon: which order still waits all the same. */
  notActedUpon(now: number): string[] {
    return [...this.orders.keys()].filter((orderNo) =>
      this.expected(orderNo, now).some(
        ({ clock, endedAt, signals }) =>
          (clock === 'ACK' || clock === 'ARBITRATION') &&
          endedAt === null &&
          signals.some(({ signal, must }) => signal === 'overdue' && must === 'yes'),
      ),
    );
  }

  private async look(orderNo: string, now: number): Promise<void> {
    const [{ standard }, trail] = await Promise.all([
      this.people.order(orderNo),
      this.people.get<TrailEntry[]>(`/api/orders/${orderNo}/trail`),
    ]);
    this.orders.set(orderNo, { standard, trail, next: Infinity });
    const ahead = this.expected(orderNo, now)
      .filter(({ endedAt }) => endedAt === null)
      .flatMap(({ signals }) => signals.filter(({ at }) => at > now));
    this.orders.get(orderNo)!.next = Math.min(Infinity, ...ahead.map(({ at }) => at));
  }

  private held(orderNo: string, now: number): Held {
    return holdAgainstLog(orderNo, this.orders.get(orderNo)!.trail, this.expected(orderNo, now));
  }

  private expected(orderNo: string, now: number): ExpectedClock[] {
    const { trail, standard } = this.orders.get(orderNo)!;
    return clocksExpected(trail, standard, this.calendars, now);
  }
}

async function inPortions<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let i = 0; i < all.length; i += AT_ONCE) await Promise.all(all.slice(i, i + AT_ONCE).map(work));
}

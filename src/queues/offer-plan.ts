import { Injectable } from '@nestjs/common';
import type { QueueId } from '@minqing-hub/client-sdk/protocol';
import { type Match, matchOffers } from '../domain/queue/match-offers.js';
import { byTurn } from '../domain/queue/queue-order.js';
import { QUEUE_IDS } from '../domain/queue/queues-of.js';
import { leftAfter } from '../domain/routing/asked-for.js';
import { askerOf, type Floor, justGivenUp } from '../domain/routing/routing.js';
import type { ReadTx } from '../storage/unit-of-work.js';
import { FreeSeats, type StoredCandidate, type Wanted } from './free-seats.js';
import { ItemStore, type StoredItem } from './item-store.js';
import { QueuePolicy } from './queue-policy.js';

export type StoredMatch = Match<StoredItem, StoredCandidate>;

export interface Plan {
  matches: StoredMatch[];
  floor: Floor;
}

/** The first waiting items of a queue, as far as they have been read. */
interface Window {
  queueId: QueueId;
  items: StoredItem[];
  more: boolean;
}

/** The first seats that can do one thing, as far as they have been read. */
interface Found {
  seats: StoredCandidate[];
  more: boolean;
}

const LEAST_WINDOW = 10;
const GROWTH = 4;

/**
 * Which waiting items go to which seats now: what `matchOffers` says of all rows, read from as few of them as decide it.
 * A seat that an item gets is the first that suits it and that no item before it has got, so it is among the first that
 * suit it, one for each item; and items are read on only while a seat is left that one of them might get.
 */
@Injectable()
export class OfferPlan {
  constructor(
    private readonly items: ItemStore,
    private readonly freeSeats: FreeSeats,
    private readonly policy: QueuePolicy,
  ) {}

  async plan(tx: ReadTx, now: number, limit: number): Promise<Plan> {
    // Most of the time nothing does.
    if (!(await this.items.anyWaiting(tx, QUEUE_IDS))) return { matches: [], floor: await this.floor(tx, now, []) };
    const windows: Window[] = [];
    for (const queueId of QUEUE_IDS) windows.push(await this.read(tx, queueId, Math.max(limit, LEAST_WINDOW)));
    const known = new Map<string, Found>();
    for (;;) {
      const items = windows.flatMap((window) => window.items);
      const floor = await this.floor(tx, now, items);
      if (items.length === 0) return { matches: [], floor };
      const seats = await this.seatsFor(tx, windows, floor, known);
      const matches = matchOffers(items, seats, floor, limit);
      const short = windows.filter((window) => mightGoOn(window, seats, matches, limit));
      if (short.length === 0) return { matches, floor };
      for (const window of short) {
        Object.assign(window, await this.read(tx, window.queueId, window.items.length * GROWTH));
      }
    }
  }

  /** The floor as these items need it: who is signed on is asked only when one of them waits for it. */
  async floor(tx: ReadTx, now: number, items: readonly StoredItem[]): Promise<Floor> {
    const rules = this.policy.routing;
    const others = items.some((item) => justGivenUp(item, now, rules));
    const skills = items.some((item) => leftAfter(item.needs, now - item.queuedAt, rules.relax).length > 0);
    const signedOn = others || skills ? await this.freeSeats.signedOn(tx, others ? 'all' : 'skilled') : [];
    return { now, rules, signedOn };
  }

  private async read(tx: ReadTx, queueId: QueueId, count: number): Promise<Window> {
    const items = await this.items.waiting(tx, queueId, count + 1);
    return { queueId, items: items.slice(0, count), more: items.length > count };
  }

  /** For each thing that is asked, as many seats as there are items that might get one, and one that may be barred. */
  private async seatsFor(
    tx: ReadTx,
    windows: readonly Window[],
    floor: Floor,
    known: Map<string, Found>,
  ): Promise<StoredCandidate[]> {
    const count = windows.reduce((sum, { items }) => sum + items.length, 0) + 1;
    const askingOf = askerOf(floor);
    const wanted = new Map<string, Wanted>();
    for (const { queueId, items, more } of windows) {
      const asked = items.map((item) => askingOf(item).asked);
      for (const one of more ? [...asked, []] : asked) {
        wanted.set(`${queueId} ${JSON.stringify(one)}`, { queueId, asked: one });
      }
    }
    const seats = new Map<string, StoredCandidate>();
    for (const [key, one] of wanted) {
      let found = known.get(key);
      if (!found || (found.more && found.seats.length < count)) {
        const first = await this.freeSeats.first(tx, one, floor.now, count);
        found = { seats: await this.freeSeats.withLoads(tx, first), more: first.length === count };
        known.set(key, found);
      }
      for (const seat of found.seats) seats.set(seat.seatId, seat);
    }
    return [...seats.values()];
  }
}

/** Whether an item of this queue that was not read might get a seat: one that is left, or the place of a later item. */
function mightGoOn(
  { queueId, items, more }: Window,
  seats: readonly StoredCandidate[],
  matches: readonly StoredMatch[],
  limit: number,
): boolean {
  if (!more) return false;
  const last = items.at(-1)!;
  const later = matches.filter(({ item }) => byTurn(item, last) > 0);
  if (matches.length === limit) return later.length > 0;
  const earlier = new Set(matches.filter((match) => !later.includes(match)).map(({ seat }) => seat.seatId));
  return seats.some((seat) => seat.queues.includes(queueId) && !earlier.has(seat.seatId));
}

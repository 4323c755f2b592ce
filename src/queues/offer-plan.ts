import { Injectable } from '@nestjs/common';
import type { QueueId } from '@minqing-hub/client-sdk/protocol';
import { type Match, matchOffers } from '../domain/queue/match-offers.js';
import { byTurn } from '../domain/queue/queue-order.js';
import { QUEUE_IDS } from '../domain/queue/queues-of.js';
import { leftAfter } from '../domain/routing/asked-for.js';
import { type Asking, askingOf, type Floor, justGivenUp } from '../domain/routing/routing.js';
import type { ReadTx } from '../storage/unit-of-work.js';
import { FreeSeats, type StoredCandidate, type Wanted } from './free-seats.js';
import { ItemStore, type StoredItem } from './item-store.js';
import { QueuePolicy } from './queue-policy.js';

export type StoredMatch = Match<StoredItem, StoredCandidate>;

/** The first waiting items of a queue, as far as they have been read. */
interface Window {
  queueId: QueueId;
  items: StoredItem[];
  more: boolean;
}

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

  async plan(tx: ReadTx, now: number, limit: number): Promise<StoredMatch[]> {
    const windows: Window[] = [];
    for (const queueId of QUEUE_IDS) windows.push(await this.read(tx, queueId, limit));
    if (windows.every(({ items }) => items.length === 0)) return [];
    for (;;) {
      const items = windows.flatMap((window) => window.items);
      const floor = await this.floor(tx, now, items);
      const seats = await this.seatsFor(tx, now, windows, floor);
      const matches = matchOffers(items, seats, floor, limit);
      const short = windows.filter((window) => mightGoOn(window, seats, matches, limit));
      if (short.length === 0) return matches;
      for (const window of short) {
        Object.assign(window, await this.read(tx, window.queueId, window.items.length * 2));
      }
    }
  }

  /** The floor as these items need it: who is signed on is asked only when one of them waits for it. */
  async floor(tx: ReadTx, now: number, items: readonly StoredItem[]): Promise<Floor> {
    const rules = this.policy.routing;
    const matters = items.some(
      (item) => leftAfter(item.needs, now - item.queuedAt, rules.relax).length > 0 || justGivenUp(item, now, rules),
    );
    return { now, rules, signedOn: matters ? await this.freeSeats.signedOn(tx) : [] };
  }

  private async read(tx: ReadTx, queueId: QueueId, count: number): Promise<Window> {
    const items = await this.items.waiting(tx, queueId, count + 1);
    return { queueId, items: items.slice(0, count), more: items.length > count };
  }

  /** For each thing that is asked, as many seats as there are items that might get one, and one that may be barred. */
  private async seatsFor(
    tx: ReadTx,
    now: number,
    windows: readonly Window[],
    floor: Floor,
  ): Promise<StoredCandidate[]> {
    const count = windows.reduce((sum, { items }) => sum + items.length, 0) + 1;
    const wanted = new Map<string, Wanted>();
    for (const { queueId, items, more } of windows) {
      const askings: Pick<Asking, 'asked'>[] = items.map((item) => askingOf(item, floor));
      if (more) askings.push({ asked: [] });
      for (const { asked } of askings) wanted.set(`${queueId} ${JSON.stringify(asked)}`, { queueId, asked });
    }
    const seats = new Map<string, StoredCandidate>();
    for (const one of wanted.values()) {
      const found = await this.freeSeats.first(tx, one, now, count);
      for (const seat of await this.freeSeats.withLoads(tx, found)) seats.set(seat.seatId, seat);
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

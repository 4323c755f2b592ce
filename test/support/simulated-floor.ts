import type { QueueId, SkillLevel } from '@minqing-hub/client-sdk/protocol';
import { matchOffers } from '../../src/domain/queue/match-offers.js';
import { itemMoves, type QueueItem } from '../../src/domain/queue/queue-item.js';
import { dueOrderOf } from '../../src/domain/queue/queue-order.js';
import { letsPass, losesOne, takesInHand, takesOne } from '../../src/domain/queue/seat.js';
import type { SeatGroup } from '../../src/domain/routing/asked-for.js';
import type { Candidate, Floor, RoutingRules } from '../../src/domain/routing/routing.js';
import { candidate, waitingItem } from './queue-items.js';

export const OFFER_MS = 15_000;

/** A piece of work that comes in, and what people will do with it. */
export interface Arrival {
  at: number;
  queueId: QueueId;
  critical: boolean;
  /** ms after it came; `null`: no due time. */
  dueIn: number | null;
  needs: SkillLevel[];
  /** What the seats do with its first offers; after these it is taken. */
  fate: readonly ('return' | 'miss')[];
  handlingMs: number;
}

export interface SimulatedSeat {
  seatId: string;
  queues: QueueId[];
  skills: SkillLevel[];
  /** From when to when; within it, in a break. */
  on: [number, number];
  breaks?: [number, number][];
}

/** One offer, and what stood beside it when it was made. */
export interface MadeOffer {
  at: number;
  item: QueueItem;
  seat: Candidate;
  /** What waited at that moment and was passed over or came after. */
  waiting: readonly QueueItem[];
  floor: Floor;
}

interface Told {
  item: QueueItem;
  arrival: Arrival;
  offers: number;
  /** When the next thing happens to it. */
  nextAt: number;
}

/** A floor of the rule book alone: no rows, no clocks, no sockets; time goes second by second. */
export class SimulatedFloor {
  readonly offers: MadeOffer[] = [];
  readonly claimedAt = new Map<string, number>();
  readonly queuedAt = new Map<string, number>();
  readonly seats = new Map<string, Candidate>();
  now = 0;
  private readonly open = new Map<string, Told>();
  private readonly arrivals: Arrival[];

  constructor(
    private readonly people: readonly SimulatedSeat[],
    arrivals: readonly Arrival[],
    readonly rules: RoutingRules,
    readonly patienceMs: number,
    private readonly onOffer: (offer: MadeOffer) => void = () => undefined,
  ) {
    this.arrivals = [...arrivals].sort((a, b) => a.at - b.at);
    for (const { seatId, queues, skills, on } of people) {
      this.seats.set(
        seatId,
        candidate({ seatId, queues, skills, presence: 'offline', signedOnAt: on[0], presenceSince: on[0] }),
      );
    }
  }

  /** Nothing waits and nothing is in hand, and nothing more will come. */
  get empty(): boolean {
    return this.open.size === 0 && this.arrivals.length === 0;
  }

  get waiting(): QueueItem[] {
    return [...this.open.values()].flatMap(({ item }) => (item.state === 'queued' ? [item] : []));
  }

  runUntil(end: number): void {
    for (; this.now <= end; this.now += 1_000) this.second();
  }

  private second(): void {
    for (const one of [...this.open.values()]) if (one.nextAt <= this.now) this.happen(one);
    while (this.arrivals.length && this.arrivals[0]!.at <= this.now) this.arrive(this.arrivals.shift()!);
    for (const person of this.people) this.attend(person);
    this.match();
  }

  private attend({ seatId, on, breaks = [] }: SimulatedSeat): void {
    const seat = this.seats.get(seatId)!;
    const within = ([from, to]: readonly [number, number]) => this.now >= from && this.now < to;
    if (!within(on)) {
      // Who goes home has nothing in hand: with work, they stay until it is done.
      if (seat.held === 0) this.seats.set(seatId, { ...seat, presence: 'offline' });
      else if (seat.presence === 'ready') this.seats.set(seatId, { ...seat, presence: 'busy' });
      return;
    }
    this.seats.set(seatId, { ...seat, presence: breaks.some(within) ? 'break' : 'ready' });
  }

  private arrive(arrival: Arrival): void {
    const itemId = `i${String(this.queuedAt.size).padStart(5, '0')}`;
    const queuedAt = this.now;
    const dueAt = arrival.dueIn === null ? null : queuedAt + arrival.dueIn;
    const { queueId, critical, needs } = arrival;
    const item = waitingItem({
      ...{ itemId, orderNo: itemId, queueId, critical, needs, queuedAt, dueAt },
      dueOrder: dueOrderOf({ dueAt, queuedAt }, this.patienceMs),
    });
    this.queuedAt.set(itemId, queuedAt);
    this.open.set(itemId, { item, arrival, offers: 0, nextAt: Infinity });
  }

  private match(): void {
    const floor: Floor = { now: this.now, rules: this.rules, signedOn: this.signedOn() };
    for (;;) {
      const waiting = this.waiting;
      const matches = matchOffers(waiting, [...this.seats.values()], floor, 50);
      if (matches.length === 0) return;
      for (const { item, seat } of matches) {
        const offer = { at: this.now, item, seat, waiting, floor };
        this.offers.push(offer);
        this.onOffer(offer);
        const one = this.open.get(item.itemId)!;
        const endsAt = this.now + OFFER_MS;
        one.item = itemMoves.offer(item, { seatId: seat.seatId, offerId: 'o', endsAt })!;
        one.nextAt = one.arrival.fate[one.offers] === 'miss' ? endsAt : this.now + 3_000;
        this.change(seat.seatId, item.queueId, 1, takesOne);
      }
    }
  }

  private happen(one: Told): void {
    const { item, arrival } = one;
    const seatId = item.seatId!;
    one.nextAt = Infinity;
    if (item.state === 'claimed') {
      this.open.delete(item.itemId);
      return this.change(seatId, item.queueId, -1, (seat) => losesOne(seat, this.now));
    }
    const fate = arrival.fate[one.offers++];
    if (fate === 'miss') {
      one.item = itemMoves.expire(item)!;
      this.change(seatId, item.queueId, -1, (seat) => letsPass(seat, this.now));
    } else if (fate === 'return') {
      one.item = itemMoves.giveBack(item, this.now)!;
      this.change(seatId, item.queueId, -1, (seat) => losesOne(seat, this.now));
    } else {
      one.item = itemMoves.claim(item, seatId, this.now)!;
      one.nextAt = this.now + arrival.handlingMs;
      this.claimedAt.set(item.itemId, this.now);
      this.change(seatId, item.queueId, 0, takesInHand);
    }
  }

  private change(seatId: string, queueId: QueueId, by: number, how: (seat: Candidate) => object): void {
    const seat = this.seats.get(seatId)!;
    const heldOf = { ...seat.heldOf, [queueId]: (seat.heldOf[queueId] ?? 0) + by };
    this.seats.set(seatId, { ...seat, ...how(seat), heldOf });
  }

  private signedOn(): SeatGroup[] {
    return [...this.seats.values()]
      .filter(({ presence }) => presence !== 'offline')
      .map(({ queues, skills, seatId }) => ({ queues, skills, seats: 1, seatId }));
  }
}

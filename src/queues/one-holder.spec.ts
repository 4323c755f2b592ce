import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Actor, QueueId, QueueItemCard, SeatCard, SkillLevel } from '@minqing-hub/client-sdk/protocol';
import { candidate, waitingItem } from '../../test/support/queue-items.js';
import { codeOf, openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import { PROFILE } from '../../test/support/profile.js';
import { seededRandom } from '../../test/support/seeded-random.js';
import type { QueueItem } from '../domain/queue/queue-item.js';
import { byTurn, dueOrderOf } from '../domain/queue/queue-order.js';
import { QUEUE_IDS, queuesOf } from '../domain/queue/queues-of.js';
import {
  askingOf,
  type Candidate,
  type Floor,
  hasRoom,
  maySuit,
  type RoutingRules,
} from '../domain/routing/routing.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { SYSTEM } from '../identity/actor.js';
import { QueuePolicy } from './queue-policy.js';

const SEATS = 300;
const LEADERS = 2;
/** What the city has decided, from run to run. */
const CAPACITIES = [
  { 'seat.capacity': 1 },
  { 'seat.capacity': 3, 'seat.capacity.register': 1, 'seat.capacity.dispatch': 2 },
];

const ONE_AFTER_THE_OTHER = PROFILE === 'embedded';
const RUNS = ONE_AFTER_THE_OTHER ? 2 : 1;

/** What seats do at once in one round: how many, how eagerly each thing, and how much time goes by afterwards. */
interface Round {
  newItems: number;
  acting: number;
  passMs: number;
  restart: boolean;
}

const anyRound: fc.Arbitrary<Round> = fc.record({
  newItems: fc.integer({ min: 0, max: 60 }),
  acting: fc.integer({ min: 0, max: SEATS }),
  passMs: fc.constantFrom(0, 0, 1, 3_000, 14_999, 15_000, 31_000),
  restart: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

/** Offers run out and seats are lost in it, whatever came before. */
const BUSY_TO_THE_END: Round = { newItems: 60, acting: SEATS, passMs: 31_000, restart: false };

/** What may be answered to a seat in the crowd. Anything else (a fault above all) fails the test. */
const EXPECTED = new Set([
  'ok',
  'item_not_found',
  'item_held_by_other',
  'offer_expired',
  'not_offered_to_seat',
  'seat_holds_items',
  'seat_not_ready',
  'skill_missing',
]);

interface Known {
  state: QueueItem['state'];
  seatId: string | null;
  item: QueueItem;
}

/** A seat as the log tells of it. */
interface KnownSeat {
  card: SeatCard;
  skills: SkillLevel[];
  taken: number;
}

/** The rules, held against the log event by event, apart from the code that made it. */
class Model {
  readonly items = new Map<string, Known>();
  readonly seats = new Map<string, KnownSeat>();
  /** What a seat holds though nobody asked whether it had room. */
  readonly beyond = new Set<string>();
  /** How often each kind of thing has happened. */
  readonly seen = new Map<string, number>();
  private readonly skills = new Map<string, SkillLevel[]>();
  /** Items that each command offered, with what waited before it. */
  private offering:
    { commandId: string; waiting: QueueItem[]; offered: Map<string, Candidate>; floor: Floor } | undefined;

  constructor(
    private readonly queues: ReadonlyMap<string, QueueId[]>,
    private readonly leaders: ReadonlySet<string>,
    private readonly rules: RoutingRules,
    private readonly patienceMs: number,
  ) {}

  apply(event: LoggedEvent): void {
    if (event.type.startsWith('seat.')) this.applyToSeat(event);
    if (!event.type.startsWith('queue.')) return;
    const { itemId } = event.data as { itemId: string };
    const known = this.items.get(itemId);
    const card = event.card as QueueItemCard;
    const told = { event: event.type, itemId };
    const kind = (event.data.how ?? event.data.cause ?? event.type) as string;
    this.seen.set(kind, (this.seen.get(kind) ?? 0) + 1);
    const now = (state: Known['state'], seatId: string | null, more: Partial<QueueItem> = {}): void => {
      this.items.set(itemId, { state, seatId, item: { ...this.itemOf(card, known?.item), ...more } });
    };
    const room = (): void => {
      expect({ ...told, room: hasRoom(this.seat(card.seatId!), card.queueId, this.rules.capacity) }).toEqual({
        ...told,
        room: true,
      });
    };
    const inHand = { atHead: false, givenUpBy: null, givenUpAt: null, claimedAt: event.at };
    switch (event.type) {
      case 'queue.item_queued':
        expect({ ...told, known }).toEqual({ ...told, known: undefined });
        now('queued', null);
        break;
      case 'queue.item_offered':
        this.look(event);
        expect({ ...told, state: known?.state }).toEqual({ ...told, state: 'queued' });
        room();
        this.offering!.offered.set(itemId, this.seat(card.seatId!));
        now('offered', card.seatId);
        break;
      case 'queue.item_claimed': {
        const { how } = event.data;
        const before = known && { state: known.state, seatId: known.seatId };
        this.beyond.delete(itemId);
        if (how === 'brought') {
          expect({ ...told, known }).toEqual({ ...told, known: undefined });
          this.beyond.add(itemId);
        } else if (how === 'pull') {
          expect({ ...told, before }).toEqual({ ...told, before: { state: 'queued', seatId: null } });
          room();
        } else if (how === 'assigned') {
          const free = known?.state === 'queued' || (known?.state === 'offered' && known.seatId === card.seatId);
          expect({ ...told, before, free }).toEqual({ ...told, before, free: true });
          expect(this.seat(card.seatId!).presence).not.toBe('offline');
          expect(this.seat(card.seatId!).queues).toContain(card.queueId);
          this.beyond.add(itemId);
        } else {
          expect({ ...told, how, before }).toEqual({
            ...told,
            how: 'offer',
            before: { state: 'offered', seatId: card.seatId },
          });
        }
        this.seats.get(card.seatId!)!.taken += 1;
        now('claimed', card.seatId, inHand);
        break;
      }
      case 'queue.item_returned':
        expect(['offered', 'claimed']).toContain(known?.state);
        expect({ ...told, by: known?.seatId }).toEqual({ ...told, by: event.data.seatId });
        expect(this.leaders.has(event.actorId)).toBe(event.data.cause === 'taken_back');
        now('queued', null, { atHead: true, givenUpBy: known!.seatId, givenUpAt: event.at, claimedAt: null });
        this.beyond.delete(itemId);
        break;
      case 'queue.item_expired':
        expect({ ...told, state: known?.state, by: known?.seatId }).toEqual({
          ...told,
          state: 'offered',
          by: event.data.seatId,
        });
        expect(event.at).toBeGreaterThanOrEqual(known!.item.offerEndsAt!);
        now('queued', null);
        break;
      case 'queue.item_done':
        expect(known && known.state !== 'done').toBe(true);
        now('done', null);
        break;
      default:
        throw new Error(`an event of queues that this test does not know: ${event.type}`);
    }
    if (event.type !== 'queue.item_offered') this.endOffering();
  }

  /**
   * [QS1] [RT2] What one command offered came, of all that the seat could have had, before everything that it offered
   * nobody. Where commands run side by side, each has looked a moment before its events stand: there it is promised that
   * nobody holds twice and nobody holds too much.
   */
  endOffering(): void {
    if (!this.offering) return;
    const { waiting, offered, floor } = this.offering;
    this.offering = undefined;
    if (!ONE_AFTER_THE_OTHER) return;
    const left = waiting.filter(({ itemId }) => !offered.has(itemId));
    for (const [itemId, seat] of offered) {
      const item = waiting.find((one) => one.itemId === itemId)!;
      expect({ itemId, suits: maySuit(askingOf(item, floor), seat, this.rules) }).toEqual({ itemId, suits: true });
      const passed = left.filter((one) => byTurn(one, item) < 0 && maySuit(askingOf(one, floor), seat, this.rules));
      expect({ itemId, passed }).toEqual({ itemId, passed: [] });
    }
  }

  /** [QS4] [RT2] Nothing waits that a free seat could have. */
  checkNothingWaitsInVain(now: number): void {
    const floor = this.floor(now);
    const seats = floor.signedOn.map(({ seatId }) => this.seat(seatId));
    const inVain = this.waiting().filter((item) => {
      const asking = askingOf(item, floor);
      return seats.some((seat) => maySuit(asking, seat, this.rules));
    });
    expect({ inVain }).toEqual({ inVain: [] });
  }

  heldBy(seatId: string): Known[] {
    return [...this.items.values()].filter((known) => known.seatId === seatId);
  }

  private applyToSeat(event: LoggedEvent): void {
    if (event.type === 'seat.skills_changed') {
      const { userId, skills } = event.data as { userId: string; skills: SkillLevel[] };
      this.skills.set(userId, skills);
      for (const seat of this.seats.values()) if (seat.card.userId === userId) seat.skills = skills;
      return;
    }
    const card = event.card as SeatCard;
    const before = this.seats.get(card.seatId);
    const taken = event.type === 'seat.shift_started' || event.type === 'seat.shift_ended' ? 0 : (before?.taken ?? 0);
    this.seats.set(card.seatId, { card, taken, skills: this.skills.get(card.userId) ?? [] });
    const held = this.heldBy(card.seatId);
    if (card.presence === 'offline') expect({ offline: card.seatId, held }).toEqual({ offline: card.seatId, held: [] });
  }

  private seat(seatId: string): Candidate {
    const known = this.seats.get(seatId)!;
    const heldOf: Candidate['heldOf'] = {};
    const held = this.heldBy(seatId);
    for (const { item } of held) heldOf[item.queueId] = (heldOf[item.queueId] ?? 0) + 1;
    const queues = this.queues.get(seatId)!;
    return candidate({ ...known.card, skills: known.skills, queues, held: held.length, heldOf });
  }

  private waiting(): QueueItem[] {
    return [...this.items.values()].filter(({ state }) => state === 'queued').map(({ item }) => item);
  }

  private floor(now: number): Floor {
    const signedOn = [...this.seats.values()].filter(({ card }) => !['offline', 'training'].includes(card.presence));
    return {
      now,
      rules: this.rules,
      signedOn: signedOn.map(({ card: { seatId }, skills }) => ({
        ...{ queues: this.queues.get(seatId)!, skills, seats: 1, seatId },
      })),
    };
  }

  /** What the card says, and what it keeps to itself, as it was. */
  private itemOf(card: QueueItemCard, before: QueueItem | undefined): QueueItem {
    const { givenUpBy = null, givenUpAt = null, claimedAt = null } = before ?? {};
    const dueOrder = dueOrderOf(card, this.patienceMs);
    const { amberAt = null, overdueAt = null } = card;
    return { ...waitingItem(), ...card, ...{ amberAt, overdueAt, dueOrder, givenUpBy, givenUpAt, claimedAt } };
  }

  private look(event: LoggedEvent): void {
    if (this.offering?.commandId === event.commandId) return;
    this.endOffering();
    const { commandId, at } = event;
    this.offering = { commandId, waiting: this.waiting(), offered: new Map(), floor: this.floor(at) };
  }
}

class Crowd {
  readonly model: Model;
  private readonly orders = new Set<string>();
  private finished = 0;
  private seen = 0;

  constructor(
    private bench: QueueBench,
    private readonly seats: readonly Actor[],
    private readonly leaders: readonly Actor[],
    private readonly policy: (typeof CAPACITIES)[number],
    private readonly random: () => number,
  ) {
    const queues = new Map(seats.map(({ seatId, roles }) => [seatId!, queuesOf(roles)]));
    const { routing, patienceMs } = bench.get(QueuePolicy);
    this.model = new Model(queues, new Set(leaders.map(({ userId }) => userId)), routing, patienceMs);
  }

  async play(round: Round): Promise<QueueBench> {
    const items = await this.bench.items();
    const open = items.filter(({ state }) => state !== 'done');
    // A few items that many want at once, and each seat's own.
    const wanted = open.sort(() => this.random() - 0.5).slice(0, 5);
    const acts: Promise<unknown>[] = [];
    for (let i = 0; i < round.newItems; i++) acts.push(this.enqueue());
    for (let i = 0; i < round.acting; i++) {
      const seat = this.seats[Math.floor(this.random() * this.seats.length)]!;
      acts.push(
        this.act(
          seat,
          open.filter(({ seatId }) => seatId === seat.seatId),
          wanted,
        ),
      );
      if (i % 50 === 0) acts.push(this.bench.command(SYSTEM, 'offerItems', {}));
      if (i % 8 === 0) acts.push(this.lead(open, wanted));
    }
    await Promise.all(acts);
    await this.bench.settled();
    await this.bench.pass(round.passMs);
    await this.check();
    if (round.restart) await this.restart();
    return this.bench;
  }

  private async enqueue(seat?: Actor): Promise<void> {
    const orderNo = `G${this.orders.size}`;
    this.orders.add(orderNo);
    await this.bench.enqueue(
      orderNo,
      {
        queueId: QUEUE_IDS[Math.floor(this.random() * 3)]!,
        critical: this.random() < 0.1,
        ...(this.random() < 0.2 ? { dialect: 'kejia' } : {}),
        ...(this.random() < 0.3 ? { field: this.random() < 0.5 ? '01' : '02' } : {}),
        ...(this.random() < 0.6 ? { dueAt: 1_800_000_000_000 + Math.floor(this.random() * 4) } : {}),
        ...(seat ? { claimedBy: seat.seatId } : {}),
      },
      seat,
    );
  }

  private async act(
    seat: Actor,
    own: readonly { itemId: string; orderNo: string | null; queueId: QueueId; state: string }[],
    wanted: readonly { itemId: string }[],
  ): Promise<void> {
    const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(this.random() * from.length)];
    const mine = pick(own);
    const chance = this.random();
    if (chance < 0.3) return this.answer(this.bench.presence(seat, 'ready'));
    if (chance < 0.36) return this.answer(this.bench.presence(seat, pick(['busy', 'break', 'offline'] as const)!));
    if (chance < 0.6) {
      const itemId = (mine ?? pick(wanted))?.itemId;
      if (!itemId) return;
      // Some callers never heard the answer and ask again, with the same id.
      const commandId = randomUUID();
      const claims = [1, 2].map(() => this.bench.command(seat, 'claimItem', { itemId }, commandId));
      const [first, again] = await Promise.all(claims);
      expect(again).toEqual(first);
      expect(EXPECTED).toContain(codeOf(first!));
      return;
    }
    if (chance < 0.75) {
      const itemId = (pick(wanted) ?? mine)?.itemId;
      return itemId ? this.answer(this.bench.command(seat, 'claimItem', { itemId })) : undefined;
    }
    if (chance < 0.83) return mine && this.answer(this.bench.command(seat, 'returnItem', { itemId: mine.itemId }));
    if (chance < 0.92) {
      if (mine?.state === 'claimed') await this.bench.done(mine.orderNo!, mine.queueId);
      return;
    }
    if (chance < 0.95) return this.enqueue(seat);
    if (chance < 0.98) return this.bench.sockets.gone(seat);
    return this.bench.sockets.connected(seat);
  }

  /** What a shift leader does on the floor. */
  private async lead(open: readonly { itemId: string }[], wanted: readonly { itemId: string }[]): Promise<void> {
    const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(this.random() * from.length)];
    const leader = pick(this.leaders)!;
    const seat = pick(this.seats)!;
    const chance = this.random();
    if (chance < 0.3) {
      const level = () => 1 + Math.floor(this.random() * 5);
      const skills = ['dialect:kejia', 'emergency', 'field:01', 'field:02']
        .filter(() => this.random() < 0.4)
        .map((skill) => ({ skill, level: level() }));
      return this.answer(this.bench.command(leader, 'setSkills', { userId: seat.userId, skills }));
    }
    const itemId = (this.random() < 0.5 ? pick(wanted) : pick(open))?.itemId;
    if (!itemId) return;
    return this.answer(
      chance < 0.7
        ? this.bench.command(leader, 'forceAssign', { itemId, seatId: seat.seatId })
        : this.bench.command(leader, 'takeBack', { itemId }),
    );
  }

  private async answer(answer: ReturnType<QueueBench['command']>): Promise<void> {
    expect(EXPECTED).toContain(codeOf(await answer));
  }

  /** Everything that must hold whenever nothing is on its way. */
  private async check(): Promise<void> {
    const { model } = this;
    for (const event of this.bench.events.slice(this.seen)) model.apply(event);
    model.endOffering();
    this.seen = this.bench.events.length;

    const items = await this.bench.items();
    // Nothing lost, nothing twice.
    expect(new Set(items.map(({ orderNo }) => orderNo))).toEqual(this.orders);
    expect(items).toHaveLength(this.orders.size);
    this.finished = items.filter(({ state }) => state === 'done').length;
    // The rows say what the log says.
    const written = (item: QueueItem, state: QueueItem['state'], seatId: string | null) => {
      const { itemId, queueId, dueOrder, claimedAt, atHead, givenUpBy, givenUpAt } = item;
      const done = state === 'done';
      return { itemId, queueId, dueOrder, claimedAt, state, ...(done ? {} : { seatId, atHead, givenUpBy, givenUpAt }) };
    };
    const byId = (a: { itemId: string }, b: { itemId: string }) => (a.itemId < b.itemId ? -1 : 1);
    const told = [...model.items.values()].map(({ item, state, seatId }) => written(item, state, seatId));
    expect(items.map((item) => written(item, item.state, item.seatId)).sort(byId)).toEqual(told.sort(byId));

    const seats = await this.bench.seats();
    const { capacity } = this.bench.get(QueuePolicy).routing;
    const holding = new Map<string, typeof items>();
    for (const item of items.filter(({ state }) => state === 'offered' || state === 'claimed')) {
      holding.set(item.seatId!, [...(holding.get(item.seatId!) ?? []), item]);
    }
    const held = ({ seatId }: { seatId: string }) => holding.get(seatId) ?? [];
    // Hundreds of seats, each time: held against each other all at once.
    const rows = seats.map(({ seatId, held, taken, presence, skills }) => ({
      ...{ seatId, held, taken },
      ...(presence === 'offline' ? {} : { skills }),
    }));
    const expected = seats.map((seat) => {
      const { taken, skills } = model.seats.get(seat.seatId) ?? { taken: 0, skills: [] };
      const offline = seat.presence === 'offline';
      return { seatId: seat.seatId, held: offline ? 0 : held(seat).length, taken, ...(offline ? {} : { skills }) };
    });
    expect(rows).toEqual(expected);
    const tooMuch = seats.filter((seat) => {
      const given = held(seat).filter(({ itemId }) => !model.beyond.has(itemId));
      const ofKind = (queueId: QueueId) => given.filter((item) => item.queueId === queueId).length;
      return given.length > capacity.total || QUEUE_IDS.some((queueId) => ofKind(queueId) > capacity.of[queueId]);
    });
    expect({ tooMuch }).toEqual({ tooMuch: [] });
    const notTheirs = seats.filter((seat) => held(seat).some(({ queueId }) => !seat.queues.includes(queueId)));
    expect({ notTheirs }).toEqual({ notTheirs: [] });
    // Nobody holds anything where nobody is.
    const present = new Set(seats.filter(({ presence }) => presence !== 'offline').map(({ seatId }) => seatId));
    const absent = [...holding.keys()].filter((seatId) => !present.has(seatId));
    expect({ absent }).toEqual({ absent: [] });
    model.checkNothingWaitsInVain(this.bench.clock.now());
    await this.checkClocks();
  }

  /** A clock runs for each offer and each grace, and for nothing else; none is overdue. */
  private async checkClocks(): Promise<void> {
    const running = await this.bench.readModel.run((tx) =>
      tx.all<{ clock_id: string; due_at: number }>(`SELECT clock_id, due_at FROM clock WHERE state = 'running'`),
    );
    const offers = (await this.bench.items())
      .filter(({ state }) => state === 'offered')
      .map(({ offerId }) => `offer:${offerId}`);
    const graces = (await this.bench.seats()).flatMap(({ graceId }) => graceId ?? []);
    expect(running.map(({ clock_id }) => clock_id).sort()).toEqual([...offers, ...graces].sort());
    const overdue = running.filter(({ due_at }) => due_at <= this.bench.clock.now());
    expect({ overdue }).toEqual({ overdue: [] });
  }

  private async restart(): Promise<void> {
    await this.bench.stop();
    const { folder, clock } = this.bench;
    this.bench = await openQueueBench({ folder, clock, policy: this.policy, untilAnswered: true });
    this.seen = 0;
    for (const seat of this.seats) if (this.random() < 0.8) this.bench.sockets.connected(seat);
    await this.bench.settled();
  }

  get done(): number {
    return this.finished;
  }
}

describe('one holder', () => {
  it('[I4] offers an item to one seat and lets one hold it, however hundreds claim, return, drop out and run out of time', async () => {
    let finished = 0;
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1 }),
        fc.array(anyRound, { minLength: 7, maxLength: 11 }),
        fc.constantFrom(...CAPACITIES),
        async (seed, rounds, policy) => {
          let bench = await openQueueBench({ policy, untilAnswered: true });
          try {
            const roles = [
              ['agent'],
              ['dispatcher'],
              ['dispatcher', 'agent'],
              ['arbiter', 'dispatcher'],
            ] as Actor['roles'][];
            const seats = await Promise.all(
              Array.from({ length: SEATS }, (_, i) => bench.seat(i + 1, roles[i % roles.length])),
            );
            const leaders = await Promise.all(
              Array.from({ length: LEADERS }, (_, i) => bench.seat(SEATS + 1 + i, ['shift_leader'])),
            );
            for (const seat of seats) bench.sockets.connected(seat);
            await Promise.all(seats.map((seat, i) => bench.presence(seat, i % 3 ? 'ready' : 'busy')));
            await bench.settled();
            const crowd = new Crowd(bench, seats, leaders, policy, seededRandom(seed));
            for (const round of [...rounds, BUSY_TO_THE_END]) bench = await crowd.play(round);
            finished += crowd.done;
            for (const kind of crowd.model.seen.keys()) seen.add(kind);
          } finally {
            await bench.end();
          }
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(finished).toBeGreaterThan(0);
    for (const kind of [
      'offer',
      'pull',
      'brought',
      'assigned',
      'returned',
      'taken_back',
      'seat_lost',
      'queue.item_expired',
    ]) {
      expect(seen).toContain(kind);
    }
  });
});

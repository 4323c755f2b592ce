import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Actor, Presence, SeatCard } from '@minqing-hub/client-sdk/protocol';
import { addNode, passOn, settledOn, type TestNode } from '../../test/support/hub-nodes.js';
import { PROFILE } from '../../test/support/profile.js';
import { codeOf, openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import { PRESENCE_MOVES, PRESENCES } from '../domain/queue/presence-moves.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { SYSTEM } from '../identity/actor.js';
import { Seating } from '../identity/seating.js';
import { SeatLedger } from './seat-ledger.js';

const PEOPLE = 5;
/** Where transactions run side by side each round meets what one line of work never does, and takes thrice as long. */
const RUNS = PROFILE === 'embedded' ? 9 : 5;
const GRACE = 30_000;
const LEASE = 15_000;
/** Until the beat has found what nobody was told. */
const BEAT = 1_000;

type Act =
  | { do: 'open' | 'close'; who: number; node: 0 | 1 }
  | { do: 'presence'; who: number; presence: Presence; listenTo?: number }
  | { do: 'sit'; who: number; at: number }
  | { do: 'leave'; at: number; handTo: number | null }
  | { do: 'work'; confidential: boolean }
  | { do: 'claim' | 'return' | 'finish'; who: number }
  | { do: 'die' | 'stop'; node: 0 | 1 };

interface Round {
  acts: Act[];
  passMs: number;
  /** The whole hub is off for so long. */
  off: number | null;
}

const person = fc.integer({ min: 1, max: PEOPLE });
const which = fc.constantFrom<0 | 1>(0, 1);
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('open' as const), who: person, node: which }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('close' as const), who: person, node: which }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('presence' as const),
      who: person,
      presence: fc.constantFrom<Presence>('ready', 'ready', ...PRESENCES),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('presence' as const),
      who: person,
      presence: fc.constant<Presence>('training'),
      listenTo: person,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sit' as const), who: person, at: person }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('leave' as const), at: person, handTo: fc.option(person) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('work' as const), confidential: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('claim' as const, 'return' as const, 'finish' as const), who: person }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('die' as const, 'stop' as const), node: which }) },
);
const anyRound: fc.Arbitrary<Round> = fc.record({
  acts: fc.array(anyAct, { minLength: 1, maxLength: 12 }),
  passMs: fc.constantFrom(0, 0, 1_000, 4_000, 14_999, 20_000, 31_000),
  off: fc.option(fc.constantFrom(0, 3_000, 3_600_000), { freq: 8 }),
});

/** Whatever came before, somebody wraps up in it. */
const WRAPPING_UP: Round[] = (['ready', 'wrap_up'] as const).map((presence) => ({
  acts: [{ do: 'presence', who: 1, presence }],
  passMs: 1_000,
  off: null,
}));

/** What may be answered in the crowd. Anything else (a fault above all) fails the test. */
const EXPECTED = new Set([
  'ok',
  'presence_order',
  'not_signed_on',
  'no_seat',
  'item_not_found',
  'item_held_by_other',
  'offer_expired',
  'not_offered_to_seat',
  'seat_holds_items',
  'seat_not_ready',
]);

/** Who is where, held against the log event by event and against the rows, apart from the code that made them. */
class Floor {
  /** Tabs of each person on each node that lives. */
  private readonly tabs = new Map<string, number>();
  /** Since when somebody has had no tab on a node that lives, and until when the database may not know. */
  private readonly away = new Map<string, { since: number; known: number }>();
  /** Who came in this round, and what was known of them before: a node that dies at once may never have said so. */
  private readonly justCame = new Map<string, { since: number; known: number }>();
  private readonly ending = new Set<number>();
  private readonly hiddenUntil = new Map<string, number>();
  private readonly presence = new Map<string, { userId: string; presence: Presence }>();
  private readonly signedOn = new Map<string, string>();
  private readonly satDownAt = new Map<string, number>();
  private readonly holder = new Map<string, string>();
  private readonly readers = new Map<string, string[]>();
  private orders = 0;
  private seen = 0;
  private serving: number;
  private nodes: TestNode[] = [];
  lost = 0;
  takenOver = 0;
  listened = 0;
  wrappedUp = 0;

  constructor(
    public bench: QueueBench,
    private readonly people: readonly Actor[],
  ) {
    this.serving = bench.clock.now();
    for (const { userId } of people) this.away.set(userId, { since: this.serving, known: this.serving });
  }

  async begin(): Promise<void> {
    this.nodes = [await addNode(this.bench), await addNode(this.bench)];
  }

  end(): void {
    for (const node of this.nodes) node.die();
  }

  async play({ acts, passMs, off }: Round): Promise<void> {
    // Commands at once, as they come from everywhere; sockets and nodes in between.
    await Promise.all(acts.map((act) => this.act(act)));
    this.justCame.clear();
    await settledOn(this.bench, this.nodes);
    await this.check();
    await passOn(this.bench, this.nodes, passMs);
    await this.check();
    if (off !== null) await this.restart(off);
  }

  private async act(act: Act): Promise<void> {
    const { bench } = this;
    switch (act.do) {
      case 'open':
      case 'close':
        return this.tab(act.do, this.people[act.who - 1]!, act.node);
      case 'presence': {
        const listenTo = act.listenTo === undefined ? {} : { listenTo: `S00${act.listenTo}` };
        const payload = { presence: act.presence, ...listenTo };
        return this.answered(bench.command(this.people[act.who - 1]!, 'setPresence', payload));
      }
      case 'sit': {
        const { userId, roles } = this.people[act.who - 1]!;
        return this.change(async (ledger, context) => {
          await this.bench.get(Seating).lock(context.tx, userId);
          await ledger.sitDown(context, { seatId: `S00${act.at}`, userId, roles, shift: null, presence: 'ready' });
        });
      }
      case 'leave': {
        const to = act.handTo === null ? undefined : `S00${act.handTo}`;
        return this.change((ledger, context) => ledger.leave(context, `S00${act.at}`, 'shift_ended', to));
      }
      case 'work':
        return bench.enqueue(`G${this.orders++}`, act.confidential ? { visibility: 'confidential' } : {});
      case 'claim':
      case 'return':
      case 'finish': {
        const seatId = `S00${act.who}`;
        const item = (await bench.items()).find((found) => found.seatId === seatId && found.state !== 'done');
        if (!item) return;
        if (act.do === 'finish') return void (await bench.done(item.orderNo!));
        const name = act.do === 'claim' ? 'claimItem' : 'returnItem';
        return this.answered(bench.command(this.people[act.who - 1]!, name, { itemId: item.itemId }));
      }
      case 'die':
      case 'stop':
        return this.endNode(act.node, act.do);
    }
  }

  private tab(what: 'open' | 'close', actor: Actor, node: number): void {
    if (this.ending.has(node)) return; // it lets nobody in any more
    const key = `${actor.userId} ${node}`;
    const away = this.away.get(actor.userId);
    if (away && what === 'open') this.justCame.set(actor.userId, away);
    const before = this.tabs.get(key) ?? 0;
    const after = Math.max(0, before + (what === 'open' ? 1 : -1));
    this.tabs.set(key, after);
    // As the door of consoles does: the first and the last one of this node are told.
    if (before === 0 && after === 1) this.nodes[node]!.sockets.connected(actor);
    if (before === 1 && after === 0) this.nodes[node]!.sockets.gone(actor);
    this.count(actor.userId);
  }

  private count(userId: string): void {
    const there = [0, 1].some((node) => (this.tabs.get(`${userId} ${node}`) ?? 0) > 0);
    const now = this.bench.clock.now();
    if (there) this.away.delete(userId);
    else if (!this.away.has(userId)) {
      this.away.set(userId, { since: now, known: Math.max(now, this.hiddenUntil.get(userId) ?? 0) });
    }
  }

  /** So long a tab on a node that died may be taken for one that is there. */
  private hide(userId: string): void {
    this.hiddenUntil.set(userId, this.bench.clock.now() + LEASE + BEAT);
  }

  /** Another one begins in its place, with nobody connected to it. */
  private async endNode(index: 0 | 1, how: 'die' | 'stop'): Promise<void> {
    if (this.ending.has(index)) return;
    this.ending.add(index);
    const node = this.nodes[index]!;
    const next = addNode(this.bench);
    if (how === 'die') node.die();
    else await node.stop();
    this.nodes[index] = await next;
    this.ending.delete(index);
    for (const { userId } of this.people) {
      const key = `${userId} ${index}`;
      if (how === 'die' && this.tabs.has(key)) this.hide(userId);
      const cameHere = this.tabs.delete(key) && this.justCame.get(userId);
      this.count(userId);
      const away = this.away.get(userId);
      if (cameHere && away) this.away.set(userId, { ...away, since: cameHere.since });
    }
  }

  private async answered(answer: ReturnType<QueueBench['command']>): Promise<void> {
    expect(EXPECTED).toContain(codeOf(await answer));
  }

  private async change(work: (ledger: SeatLedger, context: Parameters<SeatLedger['leave']>[0]) => Promise<unknown>) {
    const now = this.bench.clock.now();
    const origin = { actorId: SYSTEM.userId, commandId: randomUUID(), causationId: null, recordedAt: now };
    await this.bench.unitOfWork.run((tx) =>
      work(this.bench.get(SeatLedger), { tx, actor: SYSTEM, now, origin, repeated: false }),
    );
  }

  private async restart(off: number): Promise<void> {
    const { folder, clock } = this.bench;
    this.end();
    await this.bench.stop();
    clock.advance(off);
    this.bench = await openQueueBench({ folder, clock, oneOfSeveral: true });
    this.serving = clock.now();
    this.seen = 0;
    this.tabs.clear();
    for (const { userId } of this.people) {
      this.hide(userId);
      this.count(userId);
    }
    await this.begin();
    await settledOn(this.bench, this.nodes);
    await this.check();
  }

  private apply(event: LoggedEvent): void {
    const { data, audience, subject } = event;
    if (audience.readers && subject.startsWith('seat:')) this.readers.set(subject.slice(5), audience.readers.userIds!);
    switch (event.type) {
      case 'seat.shift_started':
        expect(this.signedOn.get(data.seatId as string)).toBeUndefined();
        expect([...this.signedOn.values()].filter((userId) => userId === data.userId).length).toBeLessThanOrEqual(1);
        this.signedOn.set(data.seatId as string, data.userId as string);
        this.satDownAt.set(data.seatId as string, event.at);
        return;
      case 'seat.shift_ended':
        expect(this.signedOn.get(data.seatId as string)).toBe(data.userId);
        this.signedOn.delete(data.seatId as string);
        if (data.cause === 'taken_over') this.takenOver += 1;
        if (data.cause === 'seat_lost') {
          this.lost += 1;
          const away = this.away.get(data.userId as string);
          // Never while there, never early, never before the hub has served as long as the grace lasts. [QS8]
          expect(away).toBeDefined();
          expect(event.at - away!.since).toBeGreaterThanOrEqual(GRACE);
          expect(event.at - this.serving).toBeGreaterThanOrEqual(GRACE);
        }
        return;
      case 'seat.presence_changed': {
        const { seatId, userId, presence } = event.card as SeatCard;
        const before = this.presence.get(seatId);
        const moved = before && before.userId === userId && before.presence !== presence;
        if (moved) expect(PRESENCE_MOVES[before.presence]).toContain(presence);
        if (presence === 'offline') expect([...this.holder.values()]).not.toContain(seatId);
        if (presence === 'wrap_up') this.wrappedUp += 1;
        this.presence.set(seatId, { userId, presence });
        return;
      }
      case 'seat.listening_started':
        this.listened += 1;
        return;
      case 'queue.item_offered':
      case 'queue.item_claimed': {
        const seatId = data.seatId as string;
        expect(this.presence.get(seatId)?.presence ?? 'offline').not.toBe('offline');
        // [PS7] By the time the work comes nobody listens any more.
        if ((event.card as { visibility: string }).visibility === 'confidential') {
          expect(this.readers.get(seatId) ?? []).toEqual([]);
        }
        this.holder.set(data.itemId as string, seatId);
        return;
      }
      case 'queue.item_returned':
      case 'queue.item_expired':
      case 'queue.item_done':
        this.holder.delete(data.itemId as string);
        return;
      default:
    }
  }

  /** Everything that must hold whenever nothing is on its way. */
  private async check(): Promise<void> {
    for (const event of this.bench.events.slice(this.seen)) this.apply(event);
    this.seen = this.bench.events.length;
    const now = this.bench.clock.now();
    const items = (await this.bench.items()).filter(({ state }) => state === 'offered' || state === 'claimed');
    const seats = await this.bench.seats();
    expect(Object.fromEntries(items.map(({ itemId, seatId }) => [itemId, seatId]))).toEqual(
      Object.fromEntries(this.holder),
    );
    for (const seat of seats) {
      const { seatId, presence } = seat;
      const held = items.filter((item) => item.seatId === seatId);
      const told = { seatId, presence };
      expect({ ...told, held: seat.held }).toEqual({ ...told, held: held.length });
      if (presence === 'offline') {
        const nothing = { signedOnAt: null, shiftId: null, listensTo: null, presenceClock: null, graceId: null };
        expect(seat).toMatchObject({ ...nothing, held: 0 });
        expect(this.signedOn.has(seatId)).toBe(false);
        continue;
      }
      expect(this.signedOn.get(seatId)).toBe(seat.userId);
      expect(seat.presenceClock !== null).toBe(presence === 'wrap_up');
      if (presence === 'wrap_up') expect(seat.presenceUntil).toBeGreaterThan(now);
      this.checkGrace(seat, now);
      if (seat.listensTo !== null) {
        const other = seats.find((found) => found.seatId === seat.listensTo);
        expect({ ...told, other: other?.presence ?? 'offline' }).not.toMatchObject({ other: 'offline' });
        expect(presence).toBe('training');
        const secret = items.filter((item) => item.seatId === seat.listensTo && item.visibility === 'confidential');
        expect(secret).toEqual([]);
      }
    }
    for (const { seatId } of seats) {
      const listeners = seats.filter((seat) => seat.listensTo === seatId).map(({ userId }) => userId);
      expect([...(this.readers.get(seatId) ?? [])].sort()).toEqual(listeners.sort());
    }
    const sitting = seats.filter(({ presence }) => presence !== 'offline').map(({ userId }) => userId);
    expect(new Set(sitting).size).toBe(sitting.length);
    await this.checkClocks(seats, items);
  }

  private checkGrace(
    { seatId, userId, graceId }: { seatId: string; userId: string; graceId: string | null },
    now: number,
  ) {
    const away = this.away.get(userId);
    const told = { seatId, userId, graceId };
    if (!away) expect(told).toEqual({ ...told, graceId: null });
    else if (now > away.known + BEAT) {
      expect(graceId).not.toBeNull();
      // And it comes to its end, for who was never there from when they sat down.
      const latest = Math.max(away.known, this.serving + LEASE, this.satDownAt.get(seatId)!) + GRACE + 3 * BEAT;
      expect({ ...told, now: Math.max(now, latest) }).toEqual({ ...told, now: latest });
    }
  }

  private async checkClocks(
    seats: Awaited<ReturnType<QueueBench['seats']>>,
    items: Awaited<ReturnType<QueueBench['items']>>,
  ): Promise<void> {
    const running = await this.bench.readModel.run((tx) =>
      tx.all<{ clock_id: string; kind: string; due_at: number }>(
        `SELECT clock_id, kind, due_at FROM clock WHERE state = 'running'`,
      ),
    );
    const expected = [
      ...seats.flatMap(({ graceId, presenceClock }) => [graceId, presenceClock]).filter((id) => id !== null),
      ...items.filter(({ state }) => state === 'offered').map(({ offerId }) => `offer:${offerId}`),
    ];
    expect(running.map(({ clock_id }) => clock_id).sort()).toEqual(expected.sort());
    expect(running.filter(({ due_at }) => due_at <= this.bench.clock.now())).toEqual([]);
  }
}

describe('presence in the crowd', () => {
  it('[I4] [PS2] [PS4] [QS8] no seat that is gone holds anything, and none is gone too early, whatever tabs, nodes, people and restarts do', async () => {
    const seen = { lost: 0, takenOver: 0, listened: 0, wrappedUp: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(anyRound, { minLength: 8, maxLength: 16 }), async (rounds) => {
        const bench = await openQueueBench({ oneOfSeveral: true });
        const people = await Promise.all(Array.from({ length: PEOPLE }, (_, i) => bench.seat(i + 1)));
        const floor = new Floor(bench, people);
        try {
          await floor.begin();
          for (const round of [...rounds, ...WRAPPING_UP]) await floor.play(round);
        } finally {
          floor.end();
          await floor.bench.end();
        }
        for (const what of Object.keys(seen) as (keyof typeof seen)[]) seen[what] += floor[what];
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    // It has met what it is about.
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0);
  }, 600_000);
});

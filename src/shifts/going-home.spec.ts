import fc from 'fast-check';
import type { Actor, Presence, QueueItemCard, Role, SeatCard } from '@minqing-hub/client-sdk/protocol';
import { codeOf } from '../../test/support/queue-bench.js';
import { seededRandom } from '../../test/support/seeded-random.js';
import { china, openShiftBench, type ShiftBench } from '../../test/support/shift-bench.js';
import type { Answer } from '../commands/command-bus.js';
import { endOf, isBeingWorked } from '../domain/shift/rostered-shift.js';
import type { LoggedEvent } from '../event-log/logged-event.js';

const PEOPLE = 12;
const CODES = ['early', 'day', 'noon', 'late', 'evening', 'night'];
const ROLES: Role[][] = [['agent'], ['dispatcher'], ['agent', 'dispatcher']];
const MINUTE = 60_000;
/** To a quarter of an hour before the next end of a shift that is being worked; and to that end. */
const NEAR_AN_END = -1;
const PAST_IT = -2;

interface Round {
  acts: number;
  newItems: number;
  passMs: number;
  roster: boolean;
  restart: boolean;
}

const anyRound: fc.Arbitrary<Round> = fc.record({
  acts: fc.integer({ min: 2, max: 20 }),
  newItems: fc.integer({ min: 0, max: 5 }),
  passMs: fc.constantFrom(
    0,
    1_000,
    16_000,
    10 * MINUTE,
    45 * MINUTE,
    8 * 60 * MINUTE,
    NEAR_AN_END,
    NEAR_AN_END,
    PAST_IT,
  ),
  roster: fc.integer({ min: 0, max: 2 }).map((n) => n === 0),
  restart: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
});

/** What may be answered to people in a hurry. Anything else (a fault above all) fails the test. */
const EXPECTED = new Set([
  ...['ok', 'no_seat', 'already_signed_on', 'seat_occupied', 'not_signed_on', 'no_shift_now', 'payload_invalid'],
  ...['break_not_allowed', 'presence_order', 'item_not_found', 'item_held_by_other', 'seat_holds_items'],
  ...['seat_not_ready', 'offer_expired', 'not_offered_to_seat'],
]);

const expectKnown = (answer: Answer): void => expect(EXPECTED).toContain(codeOf(answer));

/** Who sits where and holds what, as the log tells it, apart from the code that made it. */
class Floor {
  readonly presence = new Map<string, Presence>();
  readonly holder = new Map<string, string>();
  readonly sessions = new Map<string, { userId: string; shiftId: string | null; shiftEndsAt: number | null }>();
  shiftsEnded = 0;
  handedOver = 0;

  apply({ type, at, card, data }: LoggedEvent): void {
    const told = { type, data };
    if (type.startsWith('queue.item_')) {
      const { itemId } = data as { itemId: string };
      const { state, seatId } = (card ?? { state: 'done', seatId: null }) as QueueItemCard;
      if (state === 'queued' || type === 'queue.item_done') this.holder.delete(itemId);
      else {
        // [SH8]
        expect({ ...told, there: this.presence.get(seatId!) }).not.toMatchObject({ there: 'offline' });
        this.holder.set(itemId, seatId!);
      }
      if (data.how === 'handed_over') this.handedOver++;
      return;
    }
    const { seatId } = data as { seatId: string };
    const session = this.sessions.get(seatId);
    switch (type) {
      case 'seat.presence_changed': {
        const { presence } = card as SeatCard;
        this.presence.set(seatId, presence);
        const held = [...this.holder].filter(([, holder]) => holder === seatId);
        if (presence === 'offline') expect({ ...told, held }).toEqual({ ...told, held: [] });
        return;
      }
      case 'seat.shift_started': {
        const { userId, shiftId, shiftEndsAt } = card as SeatCard;
        expect({ ...told, session }).toEqual({ ...told, session: undefined });
        this.sessions.set(seatId, { userId, shiftId, shiftEndsAt });
        return;
      }
      case 'seat.shift_extended':
        expect((card as SeatCard).shiftEndsAt).toBeGreaterThan(session!.shiftEndsAt!);
        session!.shiftEndsAt = (card as SeatCard).shiftEndsAt;
        return;
      case 'seat.shift_ended':
        // [SH7] Once, of one that was there, and by its end only when that has come.
        expect({ ...told, session }).toMatchObject({ session: { userId: data.userId, shiftId: data.shiftId } });
        if (data.cause === 'shift_ended') {
          expect(at).toBeGreaterThanOrEqual(session!.shiftEndsAt!);
          this.shiftsEnded++;
        }
        this.sessions.delete(seatId);
        return;
      default:
    }
  }
}

class Days {
  readonly floor = new Floor();
  private readonly orders = new Set<string>();
  private seen = 0;

  constructor(
    private kit: ShiftBench,
    private readonly people: readonly Actor[],
    private readonly random: () => number,
  ) {}

  async live(round: Round): Promise<ShiftBench> {
    if (round.roster) await this.newRoster();
    const acts: Promise<unknown>[] = [];
    for (let i = 0; i < round.newItems; i++) {
      const orderNo = `G${this.orders.size}`;
      this.orders.add(orderNo);
      acts.push(this.kit.bench.enqueue(orderNo, { queueId: this.pick(['register', 'dispatch']) }));
    }
    const open = (await this.kit.bench.items()).filter(({ state }) => state !== 'done');
    for (let i = 0; i < round.acts; i++) acts.push(this.act(this.pick(this.people), this.pick(open)?.itemId));
    const holders = new Map((await this.kit.bench.seats()).map(({ seatId, userId }) => [seatId, userId]));
    for (const { state, seatId, itemId } of open) {
      // Most offers are taken.
      if (state !== 'offered' || this.random() < 0.2) continue;
      const actor = this.people.find(({ userId }) => userId === holders.get(seatId!))!;
      acts.push(this.kit.bench.command(actor, 'claimItem', { itemId }).then(expectKnown));
    }
    await Promise.all(acts);
    await this.kit.settled();
    await this.check();
    await this.kit.leap(round.passMs < 0 ? await this.toTheNextEnd(round.passMs) : round.passMs);
    await this.check();
    if (round.restart) {
      this.kit = await this.kit.restart();
      this.seen = 0;
      for (const actor of this.people) if (this.random() < 0.8) this.kit.bench.sockets.connected(actor);
      await this.kit.settled();
      await this.check();
    }
    return this.kit;
  }

  private async toTheNextEnd(how: number): Promise<number> {
    const now = this.kit.clock.now();
    const ends = (await this.kit.shifts()).filter(isBeingWorked).map(endOf);
    const left = Math.min(...ends.filter((end) => end > now)) - now;
    if (left === Infinity) return 60 * MINUTE;
    return how === NEAR_AN_END ? Math.max(0, left - 15 * MINUTE) : left;
  }

  async newRoster(): Promise<void> {
    const day = new Date(this.kit.clock.now() + (8 + 24 * Math.floor(this.random() * 2)) * 60 * MINUTE)
      .toISOString()
      .slice(0, 10);
    const lines: string[] = [];
    for (const { userId, seatId } of this.people) {
      if (this.random() < 0.1) continue;
      const seat = this.pick([seatId!, `S${String(1 + Math.floor(this.random() * PEOPLE)).padStart(3, '0')}`, '']);
      const line = `${day} ${this.pick(CODES)} ${userId} ${seat}`;
      // Only what goes with the rest; that the others are refused is told elsewhere.
      const report = await this.kit.roster(...lines, line);
      if (report.status !== 'refused') lines.push(line);
    }
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }

  private async act(actor: Actor, itemId: string | undefined): Promise<void> {
    const { bench, leader } = this.kit;
    const chance = this.random();
    const command = (name: string, payload: object, by = actor) => bench.command(by, name, payload);
    const seatId = this.pick(this.people).seatId!;
    const answer = await (chance < 0.3
      ? command('signOn', {
          ...(this.random() < 0.4 ? { seatId } : {}),
          ...(this.random() < 0.5 ? { takeOver: true } : {}),
        })
      : chance < 0.38
        ? command('signOff', {})
        : chance < 0.48
          ? command('stayOn', { minutes: this.pick([10, 30, 60, 120]) })
          : chance < 0.52
            ? command('signOffSeat', { seatId }, leader)
            : chance < 0.8
              ? command('setPresence', { presence: this.pick(['ready', 'ready', 'ready', 'busy', 'break', 'offline']) })
              : chance < 0.95
                ? itemId && command('claimItem', { itemId })
                : this.random() < 0.5
                  ? bench.sockets.gone(actor)
                  : bench.sockets.connected(actor));
    if (answer) expectKnown(answer);
    if (chance < 0.3) bench.sockets.connected(actor);
  }

  /** Everything that must hold whenever nothing is on its way. */
  private async check(): Promise<void> {
    const { bench, clock } = this.kit;
    const { floor } = this;
    for (const event of bench.events.slice(this.seen)) floor.apply(event);
    this.seen = bench.events.length;

    const items = await bench.items();
    expect(items.map(({ orderNo }) => orderNo).sort()).toEqual([...this.orders].sort());
    const seats = new Map((await bench.seats()).map((seat) => [seat.seatId, seat]));
    for (const item of items) {
      if (item.state !== 'claimed' && item.state !== 'offered') continue;
      // [SH8]
      const seat = seats.get(item.seatId!)!;
      expect({ seat, signedOn: seat.presence !== 'offline' && seat.signedOnAt !== null }).toMatchObject({
        signedOn: true,
      });
      expect(floor.holder.get(item.itemId)).toBe(item.seatId);
    }
    const present = [...seats.values()].filter(({ presence }) => presence !== 'offline');
    expect(new Set(present.map(({ userId }) => userId)).size).toBe(present.length);
    expect([...floor.sessions.keys()].sort()).toEqual(present.map(({ seatId }) => seatId).sort());

    // [SH7] The roster knows who is there, and nobody is there after the end but who was given a while.
    const running = await bench.readModel.run((tx) =>
      tx.all<{ clock_id: string; due_at: number }>(
        `SELECT clock_id, due_at FROM clock WHERE state = 'running' AND kind = 'SHIFT'`,
      ),
    );
    expect(running.filter(({ due_at }) => due_at <= clock.now())).toEqual([]);
    const clocks = new Set(running.map(({ clock_id }) => clock_id));
    for (const shift of await this.kit.shifts()) {
      const { shiftId } = shift;
      const seat = present.find((each) => each.shiftId === shiftId);
      expect({ shift, there: isBeingWorked(shift) }).toEqual({ shift, there: seat !== undefined });
      if (!seat) continue;
      expect(seat).toMatchObject({ userId: shift.userId, shiftEndsAt: endOf(shift) });
      const watched = endOf(shift) > clock.now() ? 'shift-end' : 'shift-grace';
      expect({ clocks, seat, watched: clocks.has(`${watched}:${shiftId}:${endOf(shift)}`) }).toMatchObject({
        watched: true,
      });
      if (watched === 'shift-grace') expect(['busy', 'wrap_up']).toContain(seat.presence);
    }
  }
}

describe('going home', () => {
  it('[SH8] [SH7] leaves nothing behind, and each shift ends once, whatever rosters, sign-ons, take-overs and restarts', async () => {
    let shiftsEnded = 0;
    let handedOver = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1 }),
        fc.array(anyRound, { minLength: 16, maxLength: 24 }),
        async (seed, rounds) => {
          let kit = await openShiftBench();
          try {
            expect(kit.clock.now()).toBe(china('2026-03-02 06:00'));
            const people = await Promise.all(
              Array.from({ length: PEOPLE }, (_, i) => kit.bench.seat(i + 1, ROLES[i % ROLES.length])),
            );
            for (const actor of people) kit.bench.sockets.connected(actor);
            const days = new Days(kit, people, seededRandom(seed));
            await days.newRoster();
            for (const round of rounds) kit = await days.live(round);
            shiftsEnded += days.floor.shiftsEnded;
            handedOver += days.floor.handedOver;
          } finally {
            await kit.end();
          }
        },
      ),
      { numRuns: 4, endOnFailure: true },
    );
    // Else it would have proved nothing.
    expect(shiftsEnded).toBeGreaterThan(0);
    expect(handedOver).toBeGreaterThan(0);
  });
});

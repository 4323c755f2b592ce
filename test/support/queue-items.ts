import fc from 'fast-check';
import type { SkillLevel } from '@minqing-hub/client-sdk/protocol';
import type { QueueItem } from '../../src/domain/queue/queue-item.js';
import { dueOrderOf } from '../../src/domain/queue/queue-order.js';
import type { Seat } from '../../src/domain/queue/seat.js';
import type { Candidate, Capacity, Floor } from '../../src/domain/routing/routing.js';

export const PATIENCE_MS = 3_600_000;

/** A waiting item; `more` says what matters. */
export const waitingItem = (more: Partial<QueueItem> = {}): QueueItem => ({
  dueOrder: dueOrderOf({ dueAt: null, queuedAt: 1_000, ...more }, PATIENCE_MS),
  itemId: 'i1',
  queueId: 'dispatch',
  orderNo: 'G1',
  state: 'queued',
  critical: false,
  atHead: false,
  dueAt: null,
  amberAt: null,
  overdueAt: null,
  queuedAt: 1_000,
  seatId: null,
  offerId: null,
  offerEndsAt: null,
  expiredSeatId: null,
  givenUpBy: null,
  givenUpAt: null,
  kind: null,
  grade: 'normal',
  catalogCode: null,
  areaCode: null,
  visibility: 'public',
  callbackId: null,
  needs: [],
  claimedAt: null,
  ...more,
});

/** A ready seat with nothing in hand; `more` says what matters. */
export const idleSeat = (more: Partial<Seat> = {}): Seat => ({
  seatId: 'S1',
  userId: 'u1',
  presence: 'ready',
  presenceSince: 0,
  queues: ['dispatch'],
  held: 0,
  idleSince: 0,
  graceId: null,
  missedAt: null,
  presenceUntil: null,
  presenceClock: null,
  signedOnAt: null,
  shiftId: null,
  shiftEndsAt: null,
  listensTo: null,
  skills: [],
  taken: 0,
  ...more,
});

/** An idle seat as routing sees it. */
export const candidate = (more: Partial<Candidate> = {}): Candidate => ({ ...idleSeat(more), heldOf: {}, ...more });

/** The floor at a moment, with the rule book's own numbers. */
export const floorOf = ({
  now = 2_000,
  signedOn = [],
  capacity = {},
}: Partial<Pick<Floor, 'now' | 'signedOn'>> & {
  capacity?: { total?: number; of?: Partial<Capacity['of']> };
} = {}): Floor => {
  const total = capacity.total ?? 1;
  return {
    now,
    signedOn,
    rules: {
      relax: { stepMs: 30_000, levels: 1 },
      capacity: {
        total,
        of: { register: total, dispatch: total, arbitration: total, callback: total, ...capacity.of },
      },
      returnPauseMs: 60_000,
      missPauseMs: 60_000,
    },
  };
};

export const anySkills: fc.Arbitrary<SkillLevel[]> = fc.uniqueArray(
  fc.record({ skill: fc.constantFrom('emergency', 'dialect:k', 'field:1'), level: fc.integer({ min: 1, max: 5 }) }),
  { selector: ({ skill }) => skill, maxLength: 3 },
);

export const maybeSkills = fc.oneof(fc.constant<SkillLevel[]>([]), anySkills);

/** Few values, so that equals meet. */
export const anyWaitingItems = (max = 30) =>
  fc
    .array(
      fc.record({
        critical: fc.boolean(),
        atHead: fc.boolean(),
        dueAt: fc.option(fc.constantFrom(5_000, 6_000, 7_000)),
        queuedAt: fc.constantFrom(1_000, 2_000, 3_000),
        queueId: fc.constantFrom('register' as const, 'dispatch' as const),
        needs: maybeSkills,
        givenUpBy: fc.option(fc.constantFrom('S0', 'S1', 'S2'), { freq: 3 }),
      }),
      { maxLength: max },
    )
    .map((facts) =>
      facts.map((fact, i) =>
        waitingItem({
          ...fact,
          givenUpAt: fact.givenUpBy === null ? null : 4_000,
          itemId: `i${(i * 7919) % 1_000}`,
          orderNo: `G${i}`,
        }),
      ),
    );

export const anyIdleSeats = (max = 12) =>
  fc
    .array(
      fc.record({
        idleSince: fc.constantFrom(10, 20, 30),
        queues: fc.constantFrom<Seat['queues']>(['register'], ['dispatch'], ['register', 'dispatch'], []),
        skills: maybeSkills,
        taken: fc.constantFrom(0, 1, 7),
        signedOnAt: fc.option(fc.constantFrom(0, 1_000)),
        missedAt: fc.option(fc.constantFrom(0, 4_000), { freq: 2 }),
      }),
      { maxLength: max },
    )
    .map((facts) => facts.map((fact, i) => candidate({ ...fact, seatId: `S${i}` })));

/** Those that are signed on, as `SeatGroup`s of one. */
export const groupsOf = (seats: readonly Seat[]) =>
  seats.map(({ queues, skills, seatId }) => ({ queues, skills, seats: 1, seatId }));

import type { QueueId, SkillLevel } from '../../../client-sdk/src/protocol/index.js';
import type { QueueItem } from '../queue/queue-item.js';
import type { Seat } from '../queue/seat.js';
import { askedFor, canDo, type Relaxation, type SeatGroup } from './asked-for.js';

/** [RT5] How many items a seat may have in hand: of all kinds together, and of each. */
export interface Capacity {
  total: number;
  of: Readonly<Record<QueueId, number>>;
}

/** What a city has decided about who gets what. */
export interface RoutingRules {
  relax: Relaxation;
  capacity: Capacity;
  /** [RT8] */
  returnPauseMs: number;
  /** [QS5] */
  missPauseMs: number;
}

/** A seat as routing sees it. */
export interface Candidate extends Seat {
  /** Of what it has in hand, how much is of each kind; absent: none. */
  heldOf: Partial<Record<QueueId, number>>;
}

/** The floor at one moment. */
export interface Floor {
  now: number;
  rules: RoutingRules;
  signedOn: readonly SeatGroup[];
}

/** [RT5] */
export const hasRoom = (seat: Candidate, queueId: QueueId, { total, of }: Capacity): boolean =>
  seat.held < total && (seat.heldOf[queueId] ?? 0) < of[queueId];

/** What a waiting item asks for now, and which seat it is kept from. */
export interface Asking {
  item: QueueItem;
  asked: readonly SkillLevel[];
  keptFrom: string | null;
}

export function askingOf(item: QueueItem, { now, rules, signedOn }: Floor): Asking {
  const asked = askedFor(item, now, rules.relax, signedOn);
  return { item, asked, keptFrom: keptFrom(item, asked, now, rules, signedOn) };
}

/** [QS4] Whether the item may be offered to the seat. */
export const maySuit = ({ item, asked, keptFrom: barred }: Asking, seat: Candidate, rules: RoutingRules): boolean =>
  seat.presence === 'ready' &&
  seat.queues.includes(item.queueId) &&
  seat.seatId !== barred &&
  hasRoom(seat, item.queueId, rules.capacity) &&
  canDo(seat.skills, asked);

/** Whether it was given up so lately that [RT8] asks who else is there. */
export const justGivenUp = ({ givenUpBy, givenUpAt }: QueueItem, now: number, rules: RoutingRules): boolean =>
  givenUpBy !== null && now < givenUpAt! + rules.returnPauseMs;

/** [RT8] */
function keptFrom(
  item: QueueItem,
  asked: readonly SkillLevel[],
  now: number,
  rules: RoutingRules,
  signedOn: readonly SeatGroup[],
): string | null {
  if (!justGivenUp(item, now, rules)) return null;
  const another = signedOn.some(
    ({ queues, skills, seats, seatId }) =>
      queues.includes(item.queueId) && canDo(skills, asked) && (seats > 1 || seatId !== item.givenUpBy),
  );
  return another ? item.givenUpBy : null;
}

const HOUR_MS = 3_600_000;
/** Whoever has just signed on is not judged by minutes. */
const LEAST_MS = 60_000;

/** Thousandths of an item that a seat has taken per hour since it was signed on; whole, so that SQL says the same. */
export function paceOf({ taken, signedOnAt, presenceSince }: Seat, now: number): number {
  const worked = Math.max(LEAST_MS, now - (signedOnAt ?? presenceSince));
  return Math.floor((taken * HOUR_MS * 1_000) / worked);
}

/** [RT7] Who comes before whom when there is something to offer; the id last, so that every node sees the same order. */
export const byFairness =
  (now: number, { missPauseMs }: Pick<RoutingRules, 'missPauseMs'>) =>
  (a: Seat, b: Seat): number => {
    const missed = ({ missedAt }: Seat) => Number(missedAt !== null && missedAt > now - missPauseMs);
    return (
      a.held - b.held ||
      missed(a) - missed(b) ||
      paceOf(a, now) - paceOf(b, now) ||
      a.idleSince - b.idleSince ||
      (a.seatId < b.seatId ? -1 : a.seatId > b.seatId ? 1 : 0)
    );
  };

import type { QueueId, SkillLevel } from '../../../client-sdk/src/protocol/index.js';
import type { QueueItem } from '../queue/queue-item.js';
import type { Seat } from '../queue/seat.js';
import { askedFor, canDo, type Relaxation, type SeatGroup, stepsIn } from './asked-for.js';

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

export const askingOf = (item: QueueItem, floor: Floor): Asking => askerOf(floor)(item);

/** As `askingOf` for many items of one moment: most of them ask for the same as others. */
export function askerOf({ now, rules, signedOn }: Floor): (item: QueueItem) => Asking {
  const known = new Map<string, readonly SkillLevel[]>();
  const askedNow = (item: QueueItem): readonly SkillLevel[] => {
    if (item.needs.length === 0) return item.needs;
    const steps = stepsIn(now - item.queuedAt, rules.relax);
    const key = `${item.queueId} ${steps} ${JSON.stringify(item.needs)}`;
    const asked = known.get(key) ?? askedFor(item, now, rules.relax, signedOn);
    known.set(key, asked);
    return asked;
  };
  return (item) => {
    const asked = askedNow(item);
    return { item, asked, keptFrom: keptFrom(item, asked, now, rules, signedOn) };
  };
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
/** So much is added to everybody's time, so that who has just signed on is not judged by seconds. */
const BEGIN_MS = 60_000;

/** What a seat has taken per hour since it was signed on. One quotient, so that SQL says the same to the last bit. */
export function paceOf({ taken, signedOnAt, presenceSince }: Seat, now: number): number {
  return (taken * HOUR_MS) / (now - (signedOnAt ?? presenceSince) + BEGIN_MS);
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

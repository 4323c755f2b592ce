import type { Kind } from '@minqing-hub/client-sdk/protocol';
import type { WorkCalendar } from '../calendar/work-calendar.js';
import type { HandlingStandard, LimitBasis } from '../lists/handling-standard.js';
import { dispatchDueAt } from '../order/dispatch-due.js';
import type { Order } from '../order/order.js';
import { beganAt } from './began-at.js';
import type { ClockPolicy } from './clock-policy.js';
import type { Deadline, NewDeadline } from './deadline.js';
import { dueAfter, type Limit } from './due-after.js';
import { LONGEST_COUNT } from './longest-limit.js';
import { orderClockId, type RunningClock } from './order-clocks.js';

/** What the limits of an order's clocks follow from, when they start. */
export interface LimitGrounds {
  order: Order;
  /** ms UTC */
  now: number;
  policy: ClockPolicy;
  calendar: WorkCalendar;
  /** Its clocks so far. */
  kept: readonly Deadline[];
  /** [LI3] Of the matter, for the unit that leads; absent: none. */
  standard?: HandlingStandard;
}

/** How long a clock may run, by what. */
export type Terms = Pick<NewDeadline, 'limit' | 'source' | 'policyKey'> &
  Partial<Pick<NewDeadline, 'dueAt' | 'target' | 'quiet' | 'leniencyMs' | 'startedAt'>>;

/** A clock that begins to run for the order: how long, by what, from when. */
export function newDeadline(clock: RunningClock, grounds: LimitGrounds): NewDeadline {
  const { order, policy, calendar } = grounds;
  const startedAt = beganAt(clock, order, policy.contact.start) ?? grounds.now;
  return {
    clockId: orderClockId(order.orderNo, clock),
    clock: clock.clock,
    unitId: clock.unitId,
    policyVersion: policy.version,
    startedAt,
    amber: policy.amber,
    repeats: policy.repeats,
    ...strictest(termsOf(clock, { ...grounds, now: startedAt }), startedAt, calendar)!,
  };
}

/** Which of them ends a clock first that begins at `from`: limits of different bases are held against each other by that. */
export function strictest(terms: readonly Terms[], from: number, calendar: WorkCalendar): Terms | undefined {
  const endsAt = ({ limit }: Terms): number => dueAfter(from, limit, calendar).at;
  return terms.reduce<Terms | undefined>((a, b) => (a && endsAt(b) >= endsAt(a) ? a : b), undefined);
}

const AT_ONCE: Limit = { basis: 'wall', amount: 0 };
const byPolicy = (limit: Limit, policyKey: string): Terms => ({ limit, source: 'policy', policyKey });

/** All that limits it. */
export function termsOf({ clock }: Pick<RunningClock, 'clock'>, grounds: LimitGrounds): Terms[] {
  const { order, policy } = grounds;
  const { grade, registeredAt } = order;
  const atOnce = { limit: AT_ONCE, source: 'level' as const, leniencyMs: policy.atOnceMs };
  switch (clock) {
    case 'ACCEPT': {
      if (order.responseLevel === 'critical') return [{ ...atOnce, startedAt: registeredAt }];
      const which = grade === 'urgent' ? 'urgent' : 'other';
      return [{ ...byPolicy(policy.accept[which], `accept.limit.${which}`), startedAt: registeredAt }];
    }
    case 'DISPATCH':
      return [order.responseLevel === 'critical' ? atOnce : dispatchTerms(grounds)];
    case 'ACK':
      return [byPolicy(policy.ack[grade], `ack.limit.${grade}`)];
    case 'OBJECTION':
      return [byPolicy(policy.objection[grade], `objection.limit.${grade}`)];
    case 'CONTACT_UNIT':
      return [contactTerms(grounds)];
    case 'CONTACT_CITIZEN':
      return [
        { ...contactTerms(grounds), ...(policy.contact.start === 'registered' ? { startedAt: registeredAt } : {}) },
      ];
    case 'HANDLING':
      return handlingTerms(grounds);
    case 'ARBITRATION':
      return [byPolicy(policy.arbitration[grade], `arbitration.limit.${grade}`)];
    case 'EVALUATION':
      return [byPolicy(policy.evaluation, 'evaluation.window')];
    case 'REWORK':
      return reworkTerms(grounds);
    default:
      throw new Error(`${clock} is no clock of an order in any state so far`);
  }
}

/** [DI2] [DI3] [DI4] [HL8] The order keeps its due; the clock says the same. */
function dispatchTerms({ order, now, policy }: LimitGrounds): Terms {
  const amount = policy.dispatchMs[order.grade];
  const dueAt = order.dispatchDueAt ?? dispatchDueAt(now, order, policy.dispatchMs);
  return {
    limit: { basis: 'wall', amount },
    // Only where the end of the day comes first is it the level that says so. [A3]
    source: dueAt < now + amount ? 'level' : 'policy',
    policyKey: `dispatch.limit.${order.grade}`,
    dueAt,
  };
}

/** [A19] An urgent matter knows no quiet hours. */
const contactTerms = ({ order, policy: { contact } }: LimitGrounds): Terms => ({
  ...byPolicy(contact.limit, 'contact.limit'),
  ...(order.grade === 'urgent' || order.responseLevel === 'critical' ? {} : { quiet: contact.quiet }),
});

/** [C11] Not longer than what it should have been done in at first. */
function reworkTerms({ policy, kept }: LimitGrounds): Terms[] {
  const handling = kept.find(({ clock }) => clock === 'HANDLING');
  const first = handling && { limit: { basis: handling.basis, amount: handling.limit }, source: handling.source };
  return [byPolicy(policy.rework, 'rework.limit'), ...(first ? [first] : [])];
}

const BASIS: Record<LimitBasis, Limit['basis']> = { hours: 'wall', days: 'day', workdays: 'workday' };
const HOUR_MS = 3_600_000;

const standardLimit = ({ limit, limitBasis }: HandlingStandard): Limit =>
  capped(
    limitBasis === 'hours'
      ? { basis: 'wall', amount: Math.round(limit * HOUR_MS) }
      : { basis: BASIS[limitBasis], amount: Math.ceil(limit) },
  );

/** Of lists of before they had bounds. [LI3] */
const capped = ({ basis, amount }: Limit): Limit => ({ basis, amount: Math.min(amount, LONGEST_COUNT[basis]) });

/**
 * [C5] [A3] The item's mandatory standard before its recommended one, before the simple route, before the class; never
 * later than class, response level and emergency route give.
 */
function handlingTerms(grounds: LimitGrounds): Terms[] {
  const { order, policy } = grounds;
  const kind = order.kind ?? UNCLASSIFIED;
  const byClass: Terms = { limit: policy.handling.byKind[kind], source: 'class', policyKey: `handling.limit.${kind}` };
  return [...precedence(grounds), byClass, ...levelTerms(grounds)];
}

/** Acceptance asks for a kind; what went on without one is a wish to have something resolved. */
const UNCLASSIFIED: Kind = 'resolution';

function precedence({ order, policy: { handling }, standard }: LimitGrounds): Terms[] {
  if (standard) return [{ limit: standardLimit(standard), source: `standard_${standard.bindingness}` }];
  if (order.route !== 'simple') return [];
  // [A6] Three days at most, and a warning when the one that it should take is over.
  const { simple: limit, simpleTarget: target } = handling;
  return [{ limit, source: 'route', policyKey: 'handling.limit.simple', target }];
}

/** [CL4] [A1] What the urgency of a matter allows at most. */
function levelTerms({ order, policy: { handling } }: LimitGrounds): Terms[] {
  const level = (limit: Limit, which: 'emergency' | 'expedited' | 'fast'): Terms => ({
    limit,
    source: 'level',
    policyKey: `handling.limit.${which}`,
  });
  const atOnce = order.route === 'emergency' || order.responseLevel === 'critical';
  return [
    ...(atOnce ? [level(handling.emergency, 'emergency')] : []),
    ...(order.responseLevel === 'expedited' ? [level(handling.expedited, 'expedited')] : []),
    ...(order.grade === 'fast' && handling.fast ? [level(handling.fast, 'fast')] : []),
  ];
}

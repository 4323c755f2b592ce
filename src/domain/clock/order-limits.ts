import type { Kind } from '@minqing-hub/client-sdk/protocol';
import type { WorkCalendar } from '../calendar/work-calendar.js';
import type { HandlingStandard, LimitBasis } from '../lists/handling-standard.js';
import { dispatchDueAt } from '../order/dispatch-due.js';
import type { Order } from '../order/order.js';
import type { ClockPolicy } from './clock-policy.js';
import { type Deadline, dueAfter, type Limit, type NewDeadline } from './deadline.js';
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

type Terms = Pick<NewDeadline, 'limit' | 'source'> &
  Partial<Pick<NewDeadline, 'dueAt' | 'target' | 'quiet' | 'leniencyMs' | 'startedAt' | 'amber'>>;

/** A clock that begins to run for the order now: how long, by what, from when. */
export function newDeadline(clock: RunningClock, grounds: LimitGrounds): NewDeadline {
  const { order, now, policy } = grounds;
  return {
    clockId: orderClockId(order.orderNo, clock),
    clock: clock.clock,
    unitId: clock.unitId,
    policyVersion: policy.version,
    startedAt: now,
    amber: policy.amber,
    ...termsOf(clock, grounds),
  };
}

const AT_ONCE: Limit = { basis: 'wall', amount: 0 };
const byPolicy = (limit: Limit): Terms => ({ limit, source: 'policy' });

function termsOf({ clock }: RunningClock, grounds: LimitGrounds): Terms {
  const { order, policy } = grounds;
  const atOnce = { limit: AT_ONCE, source: 'level' as const, leniencyMs: policy.atOnceMs };
  switch (clock) {
    case 'ACCEPT':
      if (order.responseLevel === 'critical') return { ...atOnce, startedAt: order.registeredAt };
      return {
        ...byPolicy(order.grade === 'urgent' ? policy.accept.urgent : policy.accept.other),
        startedAt: order.registeredAt,
      };
    case 'DISPATCH':
      return order.responseLevel === 'critical' ? atOnce : dispatchTerms(grounds);
    case 'ACK':
      return byPolicy(policy.ack[order.grade]);
    // A window that closes, not something to be done: nobody is warned of it.
    case 'OBJECTION':
      return { ...byPolicy(policy.objection[order.grade]), amber: null };
    case 'CONTACT_UNIT':
      return { ...byPolicy(policy.contact.limit), ...quietOf(grounds) };
    case 'CONTACT_CITIZEN':
      return {
        ...byPolicy(policy.contact.limit),
        ...quietOf(grounds),
        ...(policy.contact.start === 'registered' ? { startedAt: order.registeredAt } : {}),
      };
    case 'HANDLING':
      return handlingTerms(grounds);
    case 'ARBITRATION':
      return byPolicy(policy.arbitration[order.grade]);
    // Nobody is late by not rating.
    case 'EVALUATION':
      return { ...byPolicy(policy.evaluation), amber: null };
    case 'REWORK':
      return reworkTerms(grounds);
    default:
      throw new Error(`${clock} is no clock of an order in any state so far`);
  }
}

/** [DI2] [DI3] [DI4] [HL8] The order keeps its due; the clock says the same. */
function dispatchTerms({ order, now, policy }: LimitGrounds): Terms {
  const amount = policy.dispatchMs[order.grade];
  return {
    limit: { basis: 'wall', amount },
    source: order.responseLevel === 'expedited' ? 'level' : 'policy',
    dueAt: order.dispatchDueAt ?? dispatchDueAt(now, order, policy.dispatchMs),
  };
}

/** [A19] An urgent matter knows no quiet hours. */
const quietOf = ({ order, policy }: LimitGrounds): Partial<Terms> =>
  order.grade === 'urgent' || order.responseLevel === 'critical' ? {} : { quiet: policy.contact.quiet };

/** [C11] Not longer than what it should have been done in at first. */
function reworkTerms({ now, policy, calendar, kept }: LimitGrounds): Terms {
  const rework = byPolicy(policy.rework);
  const handling = kept.find(({ clock }) => clock === 'HANDLING');
  if (!handling) return rework;
  const first: Terms = { limit: { basis: handling.basis, amount: handling.limit }, source: handling.source };
  const endsAt = ({ limit }: Terms): number => dueAfter(now, limit, calendar).at;
  return endsAt(first) < endsAt(rework) ? first : rework;
}

const BASIS: Record<LimitBasis, Limit['basis']> = { hours: 'wall', days: 'day', workdays: 'workday' };
const HOUR_MS = 3_600_000;

const standardLimit = ({ limit, limitBasis }: HandlingStandard): Limit =>
  limitBasis === 'hours' ? { basis: 'wall', amount: limit * HOUR_MS } : { basis: BASIS[limitBasis], amount: limit };

/**
 * [C5] [A3] The item's mandatory standard before its recommended one, before the simple route, before the class; never
 * later than class, response level and emergency route give. Limits of different bases are held against each other by when
 * they end.
 */
function handlingTerms(grounds: LimitGrounds): Terms {
  const { order, now, policy, calendar } = grounds;
  const { handling } = policy;
  const endsAt = ({ limit }: Terms): number => dueAfter(now, limit, calendar).at;
  const byClass: Terms = { limit: handling.byKind[order.kind ?? UNCLASSIFIED], source: 'class' };
  const caps = [byClass, ...levelTerms(grounds)];
  const chosen = precedence(grounds) ?? byClass;
  const terms = caps.reduce((a, b) => (endsAt(b) < endsAt(a) ? b : a), chosen);
  if (terms.source !== 'route') return terms;
  // [A6] Three days at most, and a warning when the one that it should take is over.
  return { ...terms, target: handling.simpleTarget };
}

/** Acceptance asks for a kind; what went on without one is a wish to have something resolved. */
const UNCLASSIFIED: Kind = 'resolution';

function precedence({ order, policy, standard }: LimitGrounds): Terms | undefined {
  if (standard) return { limit: standardLimit(standard), source: `standard_${standard.bindingness}` };
  return order.route === 'simple' ? { limit: policy.handling.simple, source: 'route' } : undefined;
}

/** [CL4] [A1] What the urgency of a matter allows at most. */
function levelTerms({ order, policy: { handling } }: LimitGrounds): Terms[] {
  const level = (limit: Limit): Terms => ({ limit, source: 'level' });
  return [
    ...(order.route === 'emergency' || order.responseLevel === 'critical' ? [level(handling.emergency)] : []),
    ...(order.responseLevel === 'expedited' ? [level(handling.expedited)] : []),
    ...(order.grade === 'fast' && handling.fast ? [level(handling.fast)] : []),
  ];
}

import type { ClockName } from '@minqing-hub/client-sdk/protocol';
import { answerable, leadOf, mayObject, type Order } from '../order/order.js';
import { ACTIVE, isOneOf, WITH_UNIT } from '../order/stages.js';
import type { PauseCause } from './deadline.js';

/** A clock that belongs to how an order stands. */
export interface RunningClock {
  clock: ClockName;
  /** Of its kind the how-manieth of this order: one clock, one number, for ever. */
  nth: number;
  unitId: string | null;
  pausedFor: PauseCause | null;
}

export const orderClockId = (orderNo: string, { clock, nth }: Pick<RunningClock, 'clock' | 'nth'>): string =>
  `order:${orderNo}:${clock}:${nth}`;

/** `contact.start`: from when the requester waits for a first word. [A2] */
export type ContactStart = 'dispatched' | 'registered';

/**
 * Which clocks run for an order, from how it stands alone. A command that changes the order so starts, stops and pauses
 * them without knowing of any. [C0] to [C5], [C9] to [C11]
 */
export function clocksOf(order: Order, contactStart: ContactStart): RunningClock[] {
  return [...centreClocks(order), ...contactClocks(order, contactStart), ...handlingClock(order)];
}

const running = (clock: ClockName, nth: number, unitId: string | null = null): RunningClock => ({
  clock,
  nth,
  unitId,
  pausedFor: null,
});

function centreClocks(order: Order): RunningClock[] {
  const given = timesGiven(order);
  const unitId = leadOf(order)?.unitId ?? null;
  switch (order.state) {
    case 'registered':
      return [running('ACCEPT', 1)];
    case 'pending_dispatch':
      return [running('DISPATCH', order.dispatchRound)];
    case 'pending_ack':
      return [running('ACK', given, unitId), ...(mayObject(order) ? [running('OBJECTION', given, unitId)] : [])];
    case 'under_arbitration':
      return [running('ARBITRATION', order.objections.length)];
    case 'pending_evaluation':
      return [running('EVALUATION', 1 + reworkRounds(order))];
    default:
      return [];
  }
}

/** [C4u] per unit, not stopped by an objection or a suspension; [C4c] the requester's own, over every unit. */
function contactClocks(order: Order, contactStart: ContactStart): RunningClock[] {
  const clocks: RunningClock[] = [];
  if (isOneOf(order.state, WITH_UNIT) && contactAwaited(order)) {
    clocks.push(running('CONTACT_UNIT', timesGiven(order), answerable(order)!.unitId));
  }
  const begun = contactStart === 'registered' || order.dispatchedAt !== null;
  const waiting = order.contactedAt === null && order.unreachableAt === undefined;
  if (begun && waiting && isOneOf(order.state, ACTIVE)) clocks.push(running('CONTACT_CITIZEN', 1));
  return clocks;
}

/** A unit has it, and has neither reached the requester nor found them unreachable. [C4u] */
export function contactAwaited(order: Order): boolean {
  const owner = answerable(order);
  return owner !== undefined && owner.contactMetAt === undefined;
}

/** What was given to a unit by the desk or an arbiter, or given back to be redone: handing down inside it starts no clock anew [T35]. */
const timesGiven = (order: Order): number =>
  order.assignments.filter(({ role, mode }) => role === 'lead' && mode !== 'down').length + reworkRounds(order);

/** When the unit's contact was made, as far as contacts of before these clocks existed tell: only that there was one. */
export function reachedBefore(order: Order): number | undefined {
  const { contactedAt } = order;
  return contactedAt !== null && contactedAt >= (answerable(order)?.at ?? Infinity) ? contactedAt : undefined;
}

/** [C5] [C11] Not by an objection; held while nothing can be done and while the result is looked at. */
function handlingClock(order: Order): RunningClock[] {
  if (order.dispatchedAt === null || !isOneOf(order.state, ACTIVE) || order.state === 'pending_evaluation') return [];
  const rounds = reworkRounds(order);
  // Between two units it is nobody's: who objected and was right is not late with it.
  const unitId = order.state === 'pending_dispatch' ? null : (answerable(order)?.unitId ?? null);
  const clock = rounds === 0 ? running('HANDLING', 1, unitId) : running('REWORK', rounds, unitId);
  if (order.state === 'suspended') return [{ ...clock, pausedFor: 'suspended' }];
  return [order.state === 'pending_review' ? { ...clock, pausedFor: 'review' } : clock];
}

const reworkRounds = ({ reworkRound }: Order): number => reworkRound ?? 0;

/** How a clock that runs no more has ended: what it waited for was done, or is needed no more. */
export function endOf(clock: ClockName, order: Order): 'met' | 'stopped' {
  switch (clock) {
    case 'ACCEPT':
      return 'met';
    case 'DISPATCH':
      return order.state === 'pending_ack' ? 'met' : 'stopped';
    case 'ACK':
      return order.state === 'under_arbitration' || wasAcknowledged(order) ? 'met' : 'stopped';
    case 'CONTACT_UNIT':
      return answerable(order)?.contactMetAt !== undefined ? 'met' : 'stopped';
    case 'CONTACT_CITIZEN':
      return order.contactedAt !== null || order.unreachableAt !== undefined ? 'met' : 'stopped';
    case 'ARBITRATION':
      return order.objections.at(-1)?.outcome === 'open' ? 'stopped' : 'met';
    case 'EVALUATION':
      return order.state === 'withdrawn' || order.state === 'terminated' ? 'stopped' : 'met';
    case 'HANDLING':
    case 'REWORK':
      return isOneOf(order.state, ['pending_evaluation', 'closed', 'archived']) ? 'met' : 'stopped';
    default:
      return 'stopped';
  }
}

/** [T13] By somebody, not by the clock itself. */
function wasAcknowledged(order: Order): boolean {
  const lead = leadOf(order);
  return lead !== undefined && lead.acknowledgedAt !== null && !lead.acknowledgedByClock;
}

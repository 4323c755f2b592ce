import { dayOf, endOf, plusDays } from '../../calendar/day.js';
import { contactAwaited } from '../../clock/order-clocks.js';
import { suspensionOf } from '../order.js';
import type { Guard } from '../situation.js';
import { no } from '../../no.js';

/** [EX2] So often per order, whoever has it. */
export const suspensionLeft: Guard<'requestSuspension'> = ({ order, policy }) =>
  (order.suspensions ?? []).length >= policy.suspension.maxCount
    ? no('suspension_spent', `每件工单最多挂账 ${policy.suspension.maxCount} 次`, 'EX2')
    : undefined;

/** [T18] Nothing is put aside before the unit that has it has reached the requester, or found them unreachable. */
export const contactDone: Guard = ({ order }) =>
  contactAwaited(order) ? no('contact_missing', '须先完成首次联系，才能申请挂账', 'T18') : undefined;

/** [EX2] */
export const untilInReach: Guard<'requestSuspension'> = ({ command, now, policy }) => {
  const { maxDays } = policy.suspension;
  if (command.until <= now) return no('clock_expired', '挂账到期日不能早于今天', 'EX2', 'until');
  return command.until > endOf(plusDays(dayOf(now), maxDays))
    ? no('suspension_too_long', `挂账最长 ${maxDays} 天`, 'EX2', 'until')
    : undefined;
};

/** [EX2] What was asked for may have come and gone before it was agreed to. */
export const untilStillAhead: Guard = ({ order: { proposal }, now }) =>
  proposal?.awaits === 'suspension' && proposal.until <= now
    ? no('clock_expired', '申请的挂账到期日已过', 'EX2')
    : undefined;

/** [T19] The hub itself goes on with an order only when the time that it was suspended for is over. */
export const suspendedLongEnough: Guard<'resume'> = ({ order, now }) => {
  const until = suspensionOf(order)?.until ?? Infinity;
  return now < until ? no('transition_not_allowed', '挂账尚未到期，系统不代为恢复', 'T19') : undefined;
};

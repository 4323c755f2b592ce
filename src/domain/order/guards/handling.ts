import { answerable, leadOf } from '../order.js';
import { unitActedFor } from '../permission.js';
import type { Guard } from '../situation.js';
import { no } from '../../no.js';

/** [T14] A contact lies between the dispatch to the unit and now. What came down inside a unit counts from the first. */
export const contactTime: Guard<'recordContact'> = ({ order, command, actor, now, units, policy }) => {
  if (command.at > now + policy.contactSkewMs) return no('time_in_future', '联系时间不能晚于现在', 'T14', 'at');
  const asLead = unitActedFor(order, actor, units) === 'lead';
  const dispatched = asLead ? answerable(order) : order.assignments.find((a) => a.role === 'lead');
  return dispatched && command.at < dispatched.at
    ? no('time_before_dispatch', '联系时间不能早于派到本单位的时间', 'T14', 'at')
    : undefined;
};

/** [T16] A handler works in the lead unit or below it. */
export const handlerInside: Guard<'assignHandler'> = ({ order, command: { handler }, units }) => {
  if (!handler) return no('user_unknown', '没有这个人员', 'T16', 'handlerId');
  const lead = leadOf(order)?.unitId;
  const inside = handler.unitId !== null && lead !== undefined && units.isWithin(handler.unitId, lead);
  return inside && handler.roles.includes('handler')
    ? undefined
    : no('not_own_unit', '经办人须是本单位的办理人员', 'T16', 'handlerId');
};

import { no } from '../../no.js';
import type { Guard, Situation } from '../situation.js';
import { participantOf } from '../whistle.js';

/** [W1] Streets blow; communities where the city has them do so; the desk only in an emergency. */
export const mayBlow: Guard<'blowWhistle'> = ({ actor, command, policy }) => {
  if (actor.roles.includes('street_officer') && actor.unitId !== null) return undefined;
  if (actor.roles.includes('village_worker') && actor.unitId !== null && policy.communitiesBlow) return undefined;
  const ofTheDesk = actor.roles.includes('shift_leader') || actor.roles.includes('dispatcher');
  return ofTheDesk && command.type === 'emergency'
    ? undefined
    : no('forbidden', ofTheDesk ? '分拨中心只能为应急事项吹哨' : '您没有吹哨的权限', 'W1');
};

/** [W1] There is something to whistle for: an order that the blower leads or that lies with them, or what a patrol found. */
export const hasCause: Guard<'blowWhistle'> = ({ command, orders }) => {
  if (command.orderNos.length === 0 && !isSaid(command.finding)) {
    return no('minimum_fields_missing', '吹哨须关联工单，或写明巡查发现的问题', 'W1', 'orderNos');
  }
  const missing = command.orderNos.find((orderNo) => !orders.some((one) => one.orderNo === orderNo && one.within));
  if (missing !== undefined) return no('order_not_found', `没有工单 ${missing}，或不归本单位`, 'W1', 'orderNos');
  const over = orders.find(({ active }) => !active);
  return over && no('transition_not_allowed', `工单 ${over.orderNo} 已经办结，不能再吹哨`, 'W1', 'orderNos');
};

/** [W1] What it takes is beyond the blower's own powers, and they say why. */
export const beyondOwnPowers: Guard<'blowWhistle'> = ({ command }) =>
  isSaid(command.basis) ? undefined : no('minimum_fields_missing', '请写明超出本单位职权的依据', 'W1', 'basis');

/** [W1] Units that are there to come, each once, and not the one that blows. */
export const unitsCanCome: Guard<'blowWhistle'> = ({ command, units, actor }) => {
  const { unitIds } = command;
  if (unitIds.length === 0) return no('minimum_fields_missing', '至少要召集一个部门', 'W1', 'unitIds');
  for (const unitId of unitIds) {
    const unit = units.get(unitId);
    if (!unit) return no('unit_unknown', `没有单位 ${unitId}`, 'W1', 'unitIds');
    if (!unit.active) return no('unit_closed', `${unit.name}已停用，不能召集`, 'W1', 'unitIds');
    if (unitId === actor.unitId) return no('same_unit', '吹哨单位不能召集自己', 'W1', 'unitIds');
  }
  return new Set(unitIds).size === unitIds.length
    ? undefined
    : no('payload_invalid', '同一个单位只能召集一次', 'W1', 'unitIds');
};

/** [A7] Where a department leads, it is one of those that are called. */
export const leadIsCalled: Guard<'blowWhistle'> = ({ command: { leadUnitId, unitIds }, policy }) =>
  policy.leadRule === 'lead_department' && leadUnitId !== null && !unitIds.includes(leadUnitId)
    ? no('unit_unknown', '牵头单位须在召集的部门之中', 'A7', 'leadUnitId')
    : undefined;

/** [W2] Only where the city has the desk look first, never in an emergency, and not after its time. */
export const gateOpen: Guard<'declineWhistle'> = ({ whistle, command, policy, now }) => {
  if (policy.gatekeepingMs === null) return no('forbidden', '本市不设吹哨把关，不能退回', 'W2');
  if (whistle.type === 'emergency') return no('transition_not_allowed', '应急哨不能退回', 'W2');
  if (now > whistle.blownAt + policy.gatekeepingMs) return no('clock_expired', '把关时限已过，哨单已生效', 'W2');
  return isSaid(command.reason) ? undefined : no('minimum_fields_missing', '请写明退回理由', 'W2', 'reason');
};

/** [A7] Where nobody leads, the desk names a unit that can. */
export const leadCanBeNamed: Guard<'nameLead'> = ({ whistle, command, units }) => {
  if (whistle.leadUnitId !== null) return no('transition_not_allowed', '已经有牵头单位', 'A7');
  const unit = units.get(command.leadUnitId);
  if (!unit) return no('unit_unknown', `没有单位 ${command.leadUnitId}`, 'A7', 'leadUnitId');
  if (!unit.active) return no('unit_closed', `${unit.name}已停用，不能牵头`, 'A7', 'leadUnitId');
  return participantOf(whistle, command.leadUnitId)?.stage === 'excused'
    ? no('unit_unknown', '这个单位已被裁定不参加', 'A7', 'leadUnitId')
    : undefined;
};

/** [T20] One more order of the same matter. */
export const canBeLinked: Guard<'linkOrder'> = ({ whistle, command: { orderNo }, orders }) => {
  if (whistle.orderNos.includes(orderNo)) return no('transition_not_allowed', '这件工单已经关联', 'T20', 'orderNo');
  const order = orders.find((one) => one.orderNo === orderNo);
  if (!order?.within) return no('order_not_found', '没有这个工单，或不归本单位', 'T20', 'orderNo');
  return order.active ? undefined : no('transition_not_allowed', '工单已经办结，不能再关联', 'T20', 'orderNo');
};

type WithReason = 'withdrawWhistle' | 'escalateWhistle' | 'waiveTask' | 'ruleOnReportRefusal';

/** [W4] [W9] [W13] [W15] */
export const saysWhy =
  (clause: string, sentence: string): Guard<WithReason> =>
  ({ command }: Situation<WithReason>) =>
    isSaid(command.reason) ? undefined : no('minimum_fields_missing', sentence, clause, 'reason');

export const isSaid = (text: string | undefined): boolean => text !== undefined && text.trim() !== '';

/** [W13] The hub itself takes it up when the second time of it has run out. */
export const ranOutTwice: Guard<'escalateWhistle'> = ({ breaches }) =>
  breaches >= 2 ? undefined : no('transition_not_allowed', '逾期未满两次', 'W13');

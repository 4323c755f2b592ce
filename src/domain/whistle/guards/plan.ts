import { no } from '../../no.js';
import type { Guard } from '../situation.js';
import { isSummoned } from '../whistle.js';
import { isSaid } from './blow.js';

/** [W6] Who was called is there, or is known not to be. */
export const everybodyAccountedFor: Guard<'convene'> = ({ whistle, units }) => {
  const open = whistle.participants.filter(({ stage }) => stage === 'summoned' || stage === 'refused');
  if (open.length === 0) return undefined;
  const names = open.map(({ unitId }) => units.get(unitId)?.name ?? unitId).join('、');
  return no('transition_not_allowed', `还没有报到、也没有记录缺席：${names}`, 'W6');
};

/** [W6] Minutes say what each unit has to do, and by when. */
export const dutyForEachUnit: Guard<'convene'> = ({ whistle, command, units }) => {
  if (!isSaid(command.minutes)) return no('minimum_fields_missing', '请写会商纪要', 'W6', 'minutes');
  const called = whistle.participants.filter(isSummoned).map(({ unitId }) => unitId);
  if (called.length === 0) return no('transition_not_allowed', '没有单位参加，请提级或撤回', 'W6');
  for (const [n, { unitId, duty }] of command.duties.entries()) {
    if (!called.includes(unitId)) return no('unit_unknown', '只能给参加的单位定责', 'W6', `duties.${n}.unitId`);
    if (!isSaid(duty)) return no('minimum_fields_missing', '请写明责任', 'W6', `duties.${n}.duty`);
  }
  const without = called.filter((unitId) => !command.duties.some((duty) => duty.unitId === unitId));
  if (without.length === 0) return undefined;
  const names = without.map((unitId) => units.get(unitId)?.name ?? unitId).join('、');
  return no('minimum_fields_missing', `每个单位都要有责任和时限，还缺：${names}`, 'W6', 'duties');
};

/** [C8] Ahead, and not later than the order itself is due, unless a hard case's plan has taken that due's place. */
export const dueWithinOrders: Guard<'convene'> = ({ command, orders, now }) => {
  const latest = Math.min(...orders.map(({ handlingDueAt }) => handlingDueAt ?? Infinity));
  for (const [n, { dueAt }] of command.duties.entries()) {
    if (dueAt <= now) return no('clock_expired', '任务时限不能早于现在', 'C8', `duties.${n}.dueAt`);
    if (dueAt > latest) {
      return no('transition_not_allowed', '任务时限不能晚于工单的办理期限', 'C8', `duties.${n}.dueAt`);
    }
  }
  return undefined;
};

/** [W14] [CO8] A task force is led by a person, and by nobody else's word is there one. */
export const leaderOfTaskForce: Guard<'convene'> = ({ whistle, command }) => {
  const formed = whistle.escalatedTo === 'task_force';
  if (formed && !isSaid(command.leaderId)) {
    return no('minimum_fields_missing', '攻坚小组须有一名组长', 'W14', 'leaderId');
  }
  return !formed && command.leaderId !== undefined
    ? no('transition_not_allowed', '只有提级为攻坚小组时才能指定组长', 'W14', 'leaderId')
    : undefined;
};

import { no } from '../../no.js';
import { ownPartIn } from '../permission.js';
import type { Guard } from '../situation.js';
import { participantOf } from '../whistle.js';

/** [W3] Nobody reports in for another unit. */
export const forOwnUnit: Guard<'reportIn'> = ({ whistle, command, actor, units }) => {
  const own = ownPartIn(whistle, actor, units)!;
  return command.unitId === undefined || command.unitId === own.unitId
    ? undefined
    : no('not_own_unit', '只能为本单位报到', 'W3', 'unitId');
};

/** [W3] [W5] Late is better than never. */
export const stillToCome: Guard<'reportIn'> = ({ whistle, actor, units }) => {
  const { stage, refusal } = ownPartIn(whistle, actor, units)!;
  if (stage === 'summoned' || stage === 'absent') return undefined;
  return refusal?.ruling === 'open' && stage === 'refused'
    ? no('confirmation_pending', '本单位提出不报到，等待裁决', 'W4')
    : no('transition_not_allowed', '本单位已经报到', 'W3');
};

/** [W4] Before its time is over, once per unit, and never in an emergency. */
export const mayRefuse: Guard<'refuseReport'> = ({ whistle, command, actor, units, reportInDueAt, now }) => {
  const { unitId, stage, refusal } = ownPartIn(whistle, actor, units)!;
  if (whistle.type === 'emergency') return no('transition_not_allowed', '应急哨须先报到，不能拒绝', 'W4');
  if (refusal) return no('transition_not_allowed', '本单位已经提出过一次', 'W4');
  const isOver = (reportInDueAt.get(unitId) ?? Infinity) <= now;
  if (stage !== 'summoned' || isOver) return no('transition_not_allowed', '报到时限已过，或已经报到，不能再拒绝', 'W4');
  return command.basis.trim() === ''
    ? no('minimum_fields_missing', '请写明不属于本单位职责的依据', 'W4', 'basis')
    : undefined;
};

/** [W4] A deputy leader stands by it, who is not the one that raised it. */
export const refusalOfAnother: Guard<'confirmReportRefusal'> = ({ whistle, actor, units }) => {
  const { refusal, stage } = ownPartIn(whistle, actor, units)!;
  if (refusal?.confirmedBy !== null || stage !== 'summoned') {
    return no('nothing_to_confirm', '没有待确认的不报到', 'W4');
  }
  return refusal.by === actor.userId
    ? no('second_person_required', '提出人不能自己确认，须由另一人决定', 'W4')
    : undefined;
};

/** [W4] */
export const refusalToRuleOn: Guard<'ruleOnReportRefusal'> = ({ whistle, command }) =>
  participantOf(whistle, command.unitId)?.stage === 'refused'
    ? undefined
    : no('nothing_to_confirm', '这个单位没有待裁决的不报到', 'W4', 'unitId');

/** [W5] Whoever rings: the time is over, and the unit has not come. */
export const reportInRanOut: Guard<'markAbsent'> = ({ whistle, command, reportInDueAt, now }) => {
  const part = participantOf(whistle, command.unitId);
  const dueAt = reportInDueAt.get(command.unitId);
  return part?.stage === 'summoned' && dueAt !== undefined && dueAt <= now
    ? undefined
    : no('transition_not_allowed', '报到时限未到，或单位已经报到', 'W5');
};

/** [W7] */
export const meetingRanOut: Guard<'missMeeting'> = ({ whistle, meetingDueAt, now }) =>
  whistle.meetingMissedAt === null && meetingDueAt !== null && meetingDueAt <= now
    ? undefined
    : no('transition_not_allowed', '会商时限未到，或已经记录', 'W7');

import { no } from '../../no.js';
import { ownPartIn } from '../permission.js';
import type { Guard } from '../situation.js';
import { isSettled, isSummoned, taskOf } from '../whistle.js';
import { isSaid } from './blow.js';

/** [W8] [W9] The actor's own unit owes it, and has come. */
export const ownTask: Guard<'startWork' | 'reportTask' | 'taskDone'> = ({ whistle, command, actor, units }) => {
  const own = ownPartIn(whistle, actor, units)!;
  const task = taskOf(whistle, command.taskId);
  if (!task) return no('task_not_found', '没有这项任务', 'W9', 'taskId');
  if (task.unitId !== own.unitId) return no('not_own_unit', '这是其他单位的任务', 'W9', 'taskId');
  return own.reportedInAt === null ? no('transition_not_allowed', '本单位还没有报到，请先报到', 'W3') : undefined;
};

/** [W8] */
export const notStarted: Guard<'startWork'> = ({ whistle, command }) =>
  taskOf(whistle, command.taskId)!.stage === 'open'
    ? undefined
    : no('transition_not_allowed', '任务已经开始', 'W8', 'taskId');

/** [W9] */
export const underWay: Guard<'reportTask' | 'taskDone'> = ({ whistle, command }) =>
  taskOf(whistle, command.taskId)!.stage === 'started'
    ? undefined
    : no('transition_not_allowed', '任务没有在办', 'W9', 'taskId');

/** [W9] Done is what can be shown. */
export const hasEvidence: Guard<'taskDone'> = ({ command }) =>
  isSaid(command.evidence) ? undefined : no('minimum_fields_missing', '请附上办理凭据', 'W9', 'evidence');

/** [W9] */
export const canBeWaived: Guard<'waiveTask'> = ({ whistle, command }) => {
  const task = taskOf(whistle, command.taskId);
  if (!task) return no('task_not_found', '没有这项任务', 'W9', 'taskId');
  return isSettled(task) ? no('transition_not_allowed', '任务已经完成或免除', 'W9', 'taskId') : undefined;
};

/** [W10] */
export const nothingOwed: Guard<'submitForAcceptance'> = ({ whistle, units }) => {
  const owing = [...new Set(whistle.tasks.filter((task) => !isSettled(task)).map(({ unitId }) => unitId))];
  if (owing.length === 0) return undefined;
  const names = owing.map((unitId) => units.get(unitId)?.name ?? unitId).join('、');
  return no('transition_not_allowed', `还有任务没有完成：${names}`, 'W10');
};

/** [W11] What is not good enough, task by task, and why. */
export const saysWhatIsLacking: Guard<'rejectAcceptance'> = ({ whistle, command }) => {
  if (command.tasks.length === 0) return no('minimum_fields_missing', '请指出哪些任务没有办好', 'W11', 'tasks');
  for (const [n, { taskId, reason }] of command.tasks.entries()) {
    if (taskOf(whistle, taskId)?.stage !== 'done') {
      return no('task_not_found', '只能退回已经完成的任务', 'W11', `tasks.${n}.taskId`);
    }
    if (!isSaid(reason)) return no('minimum_fields_missing', '请写明退回理由', 'W11', `tasks.${n}.reason`);
  }
  return undefined;
};

/** [W12] Every unit that was called, once, in all three respects. */
export const ratesEveryone: Guard<'acceptResult'> = ({ whistle, command, units }) => {
  const called = whistle.participants.filter(isSummoned).map(({ unitId }) => unitId);
  const rated = command.ratings.map(({ unitId }) => unitId);
  const unknown = rated.findIndex((unitId, n) => !called.includes(unitId) || rated.indexOf(unitId) !== n);
  if (unknown >= 0) return no('unit_unknown', '每个参加的单位评一次', 'W12', `ratings.${unknown}.unitId`);
  const without = called.find((unitId) => !rated.includes(unitId));
  return without === undefined
    ? undefined
    : no('minimum_fields_missing', `还没有评价：${units.get(without)?.name ?? without}`, 'W12', 'ratings');
};

/** [W12] The street is rated, too: once by each unit. */
export const firstWordOnBlower: Guard<'rateBlower'> = ({ whistle, actor, units }) =>
  ownPartIn(whistle, actor, units)!.ratesBlower === null
    ? undefined
    : no('transition_not_allowed', '本单位已经评价过哨单质量', 'W12');

import type { ClockBasis } from '@minqing-hub/client-sdk/protocol';
import { isBroken } from '../../clock/deadline.js';
import { durationWords } from '../../clock/duration-words.js';
import { LONGEST_COUNT } from '../../clock/longest-limit.js';
import { extraInBasis } from '../extra-in-basis.js';
import type { Guard, Situation } from '../situation.js';
import { openClock } from '../../clock/deadline.js';
import { no } from '../../no.js';

/** [T17] [T18] [EX4] Only while the handling limit runs, and before it is due: what is late stays late. */
export const beforeDue =
  (clause: string): Guard =>
  (situation) => {
    const handling = openClock(situation, 'HANDLING');
    if (handling?.state !== 'running') return no('transition_not_allowed', '没有正在计时的办理时限', clause);
    return isBroken(handling) || situation.now >= handling.dueAt
      ? no('clock_expired', '办理时限已过，不能再改变', clause)
      : undefined;
  };

/** [EX1] So often per order, whoever has it. */
export const extensionLeft: Guard<'requestExtension'> = ({ order, policy }) =>
  (order.extensions ?? []).length >= policy.extension.maxCount
    ? no('extension_spent', `每件工单最多延期 ${policy.extension.maxCount} 次`, 'EX1')
    : undefined;

/** [EX1] All extensions together, in the limit's own basis, against the limit that it started with. */
export const extraWithinLimit: Guard<'requestExtension'> = (situation) => {
  const { limit, extra, basis } = openClock(situation, 'HANDLING')!;
  // However much a city allows, nothing is put off to a time that no calendar knows.
  const longest = Math.max(0, LONGEST_COUNT[basis] - limit);
  const most = Math.min(Math.floor(limit * situation.policy.extension.maxShare), longest) - extra;
  return extraInBasis(situation.command.extra, basis) > most
    ? no('extension_too_long', `最多可延期${durationWords(most, basis)}`, 'EX1', 'extra')
    : undefined;
};

/** [EX8] So many hours are no number of days: a limit that is counted otherwise by now is extended by none of them. */
export const askedInItsBasis: Guard<'approveExtension'> = (situation) => {
  const { proposal } = situation.order;
  const { basis } = openClock(situation, 'HANDLING')!;
  if (proposal?.awaits !== 'extension' || (proposal.basis ?? basis) === basis) return undefined;
  const asked = durationWords(proposal.extra, proposal.basis!);
  const text = `申请的是延期${asked}，办理时限现在按${BASIS_WORDS[basis]}计算；请单位撤回后重新申请`;
  return no('transition_not_allowed', text, 'EX8');
};

const BASIS_WORDS: Record<ClockBasis, string> = { wall: '小时', day: '自然日', workday: '工作日' };

/** [EX4] A promise is for an earlier day than the one that counts now, and not for one that is over. */
export const earlierDue: Guard<'promiseDue'> = (situation: Situation<'promiseDue'>) => {
  const { command, now } = situation;
  if (command.dueAt <= now) return no('clock_expired', '承诺日期不能早于今天', 'EX4', 'dueOn');
  return command.dueAt >= openClock(situation, 'HANDLING')!.dueAt
    ? no('not_earlier', '承诺日期须早于现在的办理期限', 'EX4', 'dueOn')
    : undefined;
};

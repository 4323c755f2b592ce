import type { AwaitedConfirmation } from '@minqing-hub/client-sdk/protocol';
import type { Guard } from '../situation.js';
import { no } from './no.js';

const CLAUSES: Record<AwaitedConfirmation, string> = {
  refusal: 'T3',
  objection: 'T9',
  escalation: 'T33',
  extension: 'T17',
  suspension: 'T18',
};
const NAMES: Record<AwaitedConfirmation, string> = {
  refusal: '不予受理',
  objection: '派单异议',
  escalation: '提级',
  extension: '延期',
  suspension: '挂账',
};

/** [T3] [T9] [T33] One proposal at a time. */
export const nothingProposed: Guard = ({ order: { proposal } }) =>
  proposal
    ? no('confirmation_pending', `已有一项${NAMES[proposal.awaits]}在等待确认`, CLAUSES[proposal.awaits])
    : undefined;

/** [T3] [T9] [T33] There is something to confirm, and who confirms it, or says no, is not who proposed it. */
export const anotherProposed =
  (awaited: AwaitedConfirmation): Guard =>
  ({ order: { proposal }, actor }) => {
    if (proposal?.awaits !== awaited) {
      return no('nothing_to_confirm', `没有待确认的${NAMES[awaited]}`, CLAUSES[awaited]);
    }
    if (proposal.by === actor.userId) {
      return no('second_person_required', '提出人不能自己确认或否决，须由另一人决定', CLAUSES[awaited]);
    }
    return undefined;
  };

import type { AwaitedConfirmation } from '@minqing-hub/client-sdk/protocol';
import { unitRequestOf } from '../order.js';
import type { Guard } from '../situation.js';
import { no } from '../../no.js';

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

/** [T3] [T9] [T17] [T18] [T33] One proposal at a time. */
export const nothingProposed: Guard = ({ order: { proposal } }) =>
  proposal
    ? no('confirmation_pending', `已有一项${NAMES[proposal.awaits]}在等待确认`, CLAUSES[proposal.awaits])
    : undefined;

/** [T3] [T9] [T17] [T18] [T33] There is something to confirm, and who confirms it, or says no, is not who proposed it. */
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

/** [T17] [T18] The same for whichever of the two a unit asks for. */
export const anotherAsked: Guard = (situation) =>
  anotherProposed(unitRequestOf(situation.order)?.awaits ?? 'extension')(situation);

/** [T17] [T18] The deputy leader speaks first, and once. */
export const notYetEndorsed: Guard = ({ order }) => {
  const request = unitRequestOf(order);
  return request && request.endorsedBy !== null
    ? no('nothing_to_confirm', '分管领导已经同意，等分拨员审批', CLAUSES[request.awaits])
    : undefined;
};

/** [T17] [T18] The desk speaks after the unit's own leader, and by another person. */
export const endorsedByAnother: Guard = ({ order, actor }) => {
  const request = unitRequestOf(order);
  if (!request || request.endorsedBy === null) {
    return no('nothing_to_confirm', '须先由单位分管领导同意', CLAUSES[request?.awaits ?? 'extension']);
  }
  return request.endorsedBy === actor.userId
    ? no('second_person_required', '分管领导同意后，须由另一人审批', CLAUSES[request.awaits])
    : undefined;
};

/** [EX7] Who asks for time gets an answer, or takes it back, before somebody else has the order. */
export const noRequestPending: Guard = ({ order }) => {
  const request = unitRequestOf(order);
  return request && no('confirmation_pending', `${NAMES[request.awaits]}申请还没有批复，请先撤回再下派`, 'EX7');
};

/** [EX3] [EX6] A unit asks for time; nothing else lapses or is taken back. */
export const requestPending =
  (clause: string): Guard =>
  ({ order }) =>
    unitRequestOf(order) ? undefined : no('nothing_to_confirm', '没有待批的延期或挂账申请', clause);

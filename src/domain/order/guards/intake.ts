import { articleRefOf } from '../../knowledge/article-ref.js';
import { afterAcceptance } from '../acceptance.js';
import { ACTIVE, isOneOf } from '../stages.js';
import type { Guard } from '../situation.js';
import { no } from '../../no.js';

/** [T2] An answer needs a ground: knowledge for a consultation, or evidence for what was solved on the spot. */
export const answerHasGround: Guard<'answerDirectly'> = ({ order, command, actor }) => {
  if (command.solvedOnTheSpot) {
    return given(command.evidence)
      ? undefined
      : no('answer_without_ground', '当场解决的，须说明凭据', 'T2', 'evidence');
  }
  if (!actor.roles.some((role) => role !== 'village_worker')) {
    return no('answer_without_ground', '村（社区）只能就当场解决的诉求直接办结', 'T2', 'solvedOnTheSpot');
  }
  if (order.kind !== 'consultation') {
    return no('answer_without_ground', '只有咨询类诉求可以直接答复；已当场解决的请注明', 'T2', 'solvedOnTheSpot');
  }
  return given(command.knowledgeRef)
    ? undefined
    : no('answer_without_ground', '直接答复须注明所依据的知识条目', 'T2', 'knowledgeRef');
};

/** [KB5] What has the form of an article's id, or names a version, is an article that there is; another code may stand. */
export const citedArticleExists: Guard<'answerDirectly'> = ({ command: { knowledgeRef, article } }) =>
  knowledgeRef !== undefined && (knowledgeRef.includes('@') || articleRefOf(knowledgeRef)) && !article
    ? no('article_not_found', '没有这个知识条目，或没有这个版本', 'KB5', 'knowledgeRef')
    : undefined;

/** [T3] Who is turned away is told why, and where else to go. */
export const reasonAndOtherChannel: Guard<'refuse'> = ({ command }) => {
  if (!given(command.reasonCode)) return no('payload_invalid', '不予受理须说明理由', 'T3', 'reasonCode');
  if (!given(command.alternativeChannel)) {
    return no('payload_invalid', '不予受理须告知其他渠道', 'T3', 'alternativeChannel');
  }
  return undefined;
};

/** [T4] Whom to answer, where, what, of which kind. The grade is never missing: it has a default. */
export const minimumFields: Guard<'accept'> = ({ order, command }) => {
  const accepted = afterAcceptance(order, command);
  const missing = (message: string, field: string) => no('minimum_fields_missing', message, 'T4', field);
  if (!order.hasContact) return missing('缺少联系方式：诉求人或代报人', 'requester');
  if (!order.hasText) return missing('缺少诉求内容', 'text');
  if (!order.hasPlace && accepted.areaCode === null && !accepted.noPlace) {
    return missing('缺少地点；确无地点的请注明', 'areaCode');
  }
  if (accepted.kind === null) return missing('缺少诉求类别', 'kind');
  return undefined;
};

/** [LI1] [IN17] Codes are those of the lists in force. */
export const codesStandInLists: Guard<'accept'> = ({ command, units }) => {
  if (!command.catalogueKnows) return no('catalogue_code_unknown', '目录清单中没有这个事项', 'LI1', 'catalogCode');
  if (command.areaCode !== undefined && !units.ofArea(command.areaCode)) {
    return no('area_unknown', '没有这个区域', 'IN17', 'areaCode');
  }
  return undefined;
};

/** [T5] The primary lives, and is not this order. */
export const primaryLives: Guard<'merge'> = ({ order, command: { primary } }) => {
  if (!primary || !isOneOf(primary.state, ACTIVE)) {
    return no('primary_not_active', '主单不存在，或已不在办理', 'T5', 'primaryOrderNo');
  }
  if (primary.orderNo === order.orderNo) {
    return no('primary_not_active', '不能并入自身', 'T5', 'primaryOrderNo');
  }
  return undefined;
};

/** [T5] A dispatcher judges whether it is the same; two codes that contradict each other say that it is not. */
export const sameMatter: Guard<'merge'> = ({ order, command: { primary } }) =>
  order.catalogCode !== null && (primary?.catalogCode ?? order.catalogCode) !== order.catalogCode
    ? no('matter_differs', '两件工单的事项不同，不能并单', 'T5', 'primaryOrderNo')
    : undefined;

/** [T5] No chains: what others were merged into stays where it is. */
export const notAPrimary: Guard<'merge'> = ({ order }) =>
  order.mergedFrom > 0 ? no('already_primary', '已有工单并入本单，不能再并入他单', 'T5') : undefined;

const given = (text: string | undefined): boolean => text !== undefined && text.trim() !== '';

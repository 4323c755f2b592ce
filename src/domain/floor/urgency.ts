import type { QueueItemCard } from '../../../client-sdk/src/protocol/index.js';

/** [FL2] When work that is not done yet counts as at risk. */
export interface AtRiskRule {
  /** Of the time from its coming into the queue to its due time; whole, so that SQL counts the same. */
  percent: number;
  /** And never less than this before its due time. */
  atLeastMs: number;
}

/** What the floor's numbers and lists rest on beside the items. */
export interface FloorRules {
  atRisk: AtRiskRule;
  /** After this, work without a due time counts as due in its queue's order. */
  patienceMs: number;
}

/** [FL2] From when on an item is at risk; `null`: it is never due. It is breached from `dueAt` on. */
export function atRiskFrom({ dueAt, queuedAt }: Pick<QueueItemCard, 'dueAt' | 'queuedAt'>, rule: AtRiskRule) {
  if (dueAt === null) return null;
  return dueAt - Math.max(rule.atLeastMs, Math.floor((rule.percent * (dueAt - queuedAt)) / 100));
}

export type Urgency = 'at_risk' | 'breached' | null;

export function urgencyOf(item: Pick<QueueItemCard, 'dueAt' | 'queuedAt'>, now: number, rule: AtRiskRule): Urgency {
  const from = atRiskFrom(item, rule);
  if (from === null || now < from) return null;
  return now >= item.dueAt! ? 'breached' : 'at_risk';
}

import type { OrderStage } from '@minqing-hub/client-sdk/protocol';

/** States that a unit has the order in: it stands in that unit's room, and in those of the units above. */
export const WITH_UNIT = [
  'pending_ack',
  'under_arbitration',
  'handling',
  'suspended',
  'pending_review',
  'pending_evaluation',
] as const satisfies readonly OrderStage[];

/** "Any active state" of the rule book: something is still to be done. */
export const ACTIVE = ['registered', 'pending_dispatch', ...WITH_UNIT] as const satisfies readonly OrderStage[];

/** Nothing can happen any more. `closed` is not among them: it can be opened again and will be archived. */
export const TERMINAL = [
  'answered',
  'refused',
  'merged',
  'withdrawn',
  'terminated',
  'archived',
] as const satisfies readonly OrderStage[];

export const isOneOf = <T extends string>(value: string, list: readonly T[]): value is T =>
  (list as readonly string[]).includes(value);

/** As people call them. */
export const STAGE_NAMES: Record<OrderStage, string> = {
  registered: '待受理',
  pending_dispatch: '待分拨',
  pending_ack: '待签收',
  under_arbitration: '裁决中',
  handling: '办理中',
  suspended: '已挂账',
  pending_review: '待会签',
  pending_evaluation: '待评价',
  closed: '已结案',
  archived: '已归档',
  answered: '已直接答复',
  refused: '不予受理',
  merged: '已并单',
  withdrawn: '已撤回',
  terminated: '已依法终结',
};

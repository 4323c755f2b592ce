import type { WhistleStage } from '@minqing-hub/client-sdk/protocol';

/** As people call them. */
export const STAGE_NAMES: Record<WhistleStage, string> = {
  blown: '待会商',
  convened: '已会商',
  executing: '协同办理中',
  pending_acceptance: '待验收',
  released: '已销哨',
  escalated: '已提级',
  declined: '已退回',
  withdrawn: '已撤回',
};

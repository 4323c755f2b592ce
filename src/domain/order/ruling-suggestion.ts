import type { DispatchSuggestion } from '@minqing-hub/client-sdk/protocol';
import type { UnitTree } from '../lists/unit-tree.js';
import type { Order } from './order.js';

/** The unit that an arbiter named when upholding an objection [T10]: it goes before what the duty list says. */
export function rulingSuggestion(
  order: Order,
  units: UnitTree,
  listVersions: Record<string, number>,
): DispatchSuggestion | undefined {
  const unitId = order.suggestedUnitId;
  if (unitId === null) return undefined;
  return {
    unitId,
    assistUnitIds: [],
    source: 'ruling',
    ruleId: null,
    confidence: 1,
    listVersions,
    legalBasis: null,
    sentence: `裁决支持异议，指定由${units.get(unitId)?.name ?? unitId}承办。`,
  };
}

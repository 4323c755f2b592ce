import type { Grade } from '@minqing-hub/client-sdk/protocol';
import type { UnreachableRule } from '../clock/unreachable.js';

/** What a city may set about orders. */
export interface OrderPolicy {
  /** From acceptance to the first dispatch, ms [DI2] [DI3] [DI4]. */
  dispatchLimitMs: Record<Grade, number>;
  /** From a unit's asking to a dispatcher's word on it, ms [T33]. */
  escalationLimitMs: number;
  /** The duty list's word counts alone from here on, 0 … 1 [DI1]. */
  confidenceGate: number;
  /** How far a contact's time may be ahead of the hub's, ms: consoles know that to the second. It then counts as made now. [T14] */
  contactSkewMs: number;
  /** Who must agree to a unit's objection before it counts [T9]. */
  objectionConfirmation: 'deputy_leader' | 'none';
  /** [EX1] [EX5] `maxShare`: of the limit that the clock started with; `deskMs`: for the desk's word on it. */
  extension: { maxCount: number; maxShare: number; deskMs: number };
  /** [EX2] [EX5] */
  suspension: { maxCount: number; maxDays: number; deskMs: number };
  /** When somebody counts as unreachable [A4]. */
  unreachable: UnreachableRule;
}

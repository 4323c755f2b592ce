import type { Visibility } from '@minqing-hub/client-sdk/protocol';

/** How much of a card a room may see: a confidential order is a stub in rooms that many share. */
export type View = 'full' | 'stub';

/** Who may read an order, or a whistle, itself; `mayReadOrder` and `mayReadWhistle` say how it is meant. */
export interface OrderReaders {
  /** Its units, and the units above them unless it is confidential. */
  unitIds: string[];
  visibility: Visibility;
  /** Single persons beside them: who took it down. */
  userIds?: string[];
}

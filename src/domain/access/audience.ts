import type { Visibility } from '@minqing-hub/client-sdk/protocol';

/** How much of a card a room may see: a confidential order is a stub in rooms that many share. */
export type View = 'full' | 'stub';

/** Who may read an order itself. `unitIds`: its units and all units above them. */
export interface OrderReaders {
  unitIds: string[];
  visibility: Visibility;
}

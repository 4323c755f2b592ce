import type { DispatchSuggestion } from '@minqing-hub/client-sdk/protocol';
import type { Order } from '../domain/order/order.js';
import { rulingSuggestion } from '../domain/order/ruling-suggestion.js';
import type { ListBook } from '../lists/list-book.js';
import type { ReadTx } from '../storage/unit-of-work.js';

/** Who should have the order next: whom an arbiter named [T10], else whom the duty list names [LI2]. */
export async function suggestUnit(
  lists: ListBook,
  tx: ReadTx,
  now: number,
  order: Order,
): Promise<DispatchSuggestion | undefined> {
  if (order.suggestedUnitId !== null) {
    return rulingSuggestion(order, await lists.units(tx, now), await lists.versions(tx, now));
  }
  const { catalogCode, areaCode, visitedUnitIds } = order;
  return lists.suggest(tx, now, { catalogCode, areaCode, visitedUnitIds });
}

import type { Order } from '../domain/order/order.js';
import type { ListBook } from '../lists/list-book.js';
import type { ReadTx } from '../storage/unit-of-work.js';

/**
 * [T12] Who takes what nobody is named for: the fallback unit of the duty list, else the unit that answers for
 * the area. `null`: neither is known.
 */
export async function fallbackUnit(lists: ListBook, tx: ReadTx, now: number, order: Order): Promise<string | null> {
  const { catalogCode, areaCode } = order;
  const suggestion = await lists.suggest(tx, now, { catalogCode, areaCode, visitedUnitIds: order.visitedUnitIds });
  if (suggestion?.source === 'fallback_unit') return suggestion.unitId;
  return areaCode === null ? null : ((await lists.units(tx, now)).ofArea(areaCode)?.unitId ?? null);
}

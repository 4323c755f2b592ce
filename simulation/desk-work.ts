import type { OrderCard, OrderDetail } from '@minqing-hub/client-sdk/protocol';
import { chance } from './chance.js';
import type { Acting } from './acting.js';
import type { Console } from './consoles.js';

/** Of objections that propose the recorded unit so many are upheld; all others are overruled. */
const UPHELD = 0.9;

/** What the call centre's seats do with an order. The unit that the record names is a fact and is followed; the rest is acted. */
export class DeskWork {
  /** How the unit of a manual dispatch was found. */
  readonly dispatchedTo = { recorded: 0, suggested: 0, territorial: 0 };

  constructor(
    private readonly acting: Acting,
    /** The card as the desk's console shows it now. */
    private readonly shown: (orderNo: string) => OrderCard | undefined,
    /** The unit that answers for an area, else the topmost. */
    private readonly territorial: (areaCode: string | null) => string[],
  ) {}

  readonly accept = async (console: Console, orderNo: string): Promise<void> => {
    await this.acting.act(console, this.shown(orderNo) ?? { orderNo }, (order) => {
      if (order.state !== 'registered') return null;
      const payload = {
        ...(order.kind === null ? { kind: 'consultation' as const } : {}),
        ...(order.areaCode === null ? { noPlace: true } : {}),
      };
      return { name: 'accept', payload, event: 'order.accepted' };
    });
  };

  readonly dispatch = async (console: Console, orderNo: string): Promise<void> => {
    let how: keyof typeof this.dispatchedTo = 'recorded';
    const version = await this.acting.act(console, { orderNo }, (order, detail) => {
      if (order.state !== 'pending_dispatch' || !detail) return null;
      const chosen = this.unitFor(detail);
      if (!chosen) return null;
      how = chosen.how;
      return { name: 'dispatch', payload: { unitId: chosen.unitId }, event: 'order.dispatched' };
    });
    if (typeof version === 'number') this.dispatchedTo[how] += 1;
  };

  readonly rule = async (console: Console, orderNo: string): Promise<void> => {
    await this.acting.act(console, { orderNo }, (order, detail) => {
      if (order.state !== 'under_arbitration' || !detail?.objection) return null;
      const recorded = this.acting.orders.row(orderNo, detail.sourceId);
      const next = detail.objection.proposedUnitId;
      const right = recorded?.unitId === next && next !== order.leadUnitId;
      if (right && chance(this.acting.seed, 'ruling', detail.sourceId) < UPHELD) {
        const payload = { nextUnitId: next, reason: '经核对，该事项由所建议的单位负责' };
        return { name: 'upholdObjection', payload, event: 'order.objection_upheld' };
      }
      return {
        name: 'overruleObjection',
        payload: { reason: '经核对，仍由原单位负责' },
        event: 'order.force_assigned',
      };
    });
  };

  private unitFor(order: OrderDetail): { unitId: string; how: keyof DeskWork['dispatchedTo'] } | undefined {
    const { suggestion, visitedUnitIds } = order;
    const ruled = suggestion?.source === 'ruling' ? suggestion.unitId : undefined;
    const free = (unitId: string): boolean => unitId === ruled || !visitedUnitIds.includes(unitId);
    const recorded = this.acting.orders.row(order.orderNo, order.sourceId)?.unitId;
    if (recorded && free(recorded)) return { unitId: recorded, how: 'recorded' };
    if (suggestion && free(suggestion.unitId)) return { unitId: suggestion.unitId, how: 'suggested' };
    const unitId = this.territorial(order.areaCode).find(free);
    return unitId === undefined ? undefined : { unitId, how: 'territorial' };
  }
}

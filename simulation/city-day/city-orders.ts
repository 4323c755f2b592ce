import type { OrdersAtWork } from '../acting.js';
import type { Arrival } from './arrivals.js';

/** What the run knows of the orders that its arrivals became. */
export class CityOrders implements OrdersAtWork {
  /** Acknowledged by the hub: these must be there at the end. */
  readonly acknowledged = new Map<string, Arrival>();
  readonly finished = new Set<string>();

  /** `orderNo`: as the hub acknowledged it. */
  acknowledge(orderNo: string, arrival: Arrival): void {
    this.acknowledged.set(orderNo, arrival);
  }

  row(orderNo: string): { unitId: string | null; request: { sourceId: string } } | undefined {
    const arrival = this.acknowledged.get(orderNo);
    return arrival && { unitId: arrival.disputedFor, request: arrival.request };
  }

  finish(orderNo: string): void {
    this.finished.add(orderNo);
  }
}

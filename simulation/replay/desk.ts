import type { CardKey, HubEvent, OrderCard, QueueId } from '@minqing-hub/client-sdk/protocol';
import type { Acting } from '../acting.js';
import type { PlayedOrders } from './played-orders.js';
import type { Console } from '../consoles.js';

export const QUEUES: readonly QueueId[] = ['register', 'dispatch', 'arbitration'];

/** The desk's console: looks on, and learns what the hub decided by itself. */
export class Desk {
  constructor(
    readonly console: Console,
    private readonly acting: Acting<PlayedOrders>,
    private readonly unitHasWork: (unitId: string) => void,
  ) {
    const desk = this.room;
    desk.onEvent((event) => this.hear(event));
    desk.onChange(({ cards }) => {
      // What a snapshot skipped is read from the cards.
      for (const key of cards) if (isOrder(key)) this.look(desk.cards.get(key) as OrderCard | undefined);
    });
    for (const [key, card] of desk.cards) if (isOrder(key)) this.look(card as OrderCard);
  }

  readonly card = (orderNo: string): OrderCard | undefined =>
    this.room.cards.get(`order:${orderNo}`) as OrderCard | undefined;

  /** Pieces of work that wait for a seat, or are in its hands. */
  get queued(): number {
    return QUEUES.reduce((sum, queue) => sum + (this.console.rooms.get(`queue:${queue}`)?.cards.size ?? 0), 0);
  }

  get live(): boolean {
    return this.console.client.connection === 'live';
  }

  private get room() {
    return this.console.rooms.get('desk:city')!;
  }

  private hear({ type, data }: HubEvent): void {
    this.acting.activity += 1;
    const { orderNo } = data;
    if (orderNo === undefined) return;
    this.acting.latency.shows(orderNo, type, this.console.brokenAt);
    if (type === 'order.dispatched') {
      const { unitId, mode, listVersions } = data as {
        unitId?: string;
        mode?: string;
        listVersions?: Record<string, number>;
      };
      const auto = mode === 'auto' && unitId !== undefined ? { unitId, dutiesVersion: listVersions?.duties } : null;
      this.acting.orders.decide(orderNo, auto);
    } else if (type === 'order.dispatch_deferred') this.acting.orders.decide(orderNo, null);
  }

  private look(order: OrderCard | undefined): void {
    if (order?.leadUnitId && order.state !== 'registered') {
      this.unitHasWork(order.leadUnitId);
      this.acting.orders.decide(order.orderNo, null);
    }
  }
}

/** The desk sees whistles, too. */
const isOrder = (key: CardKey): boolean => key.startsWith('order:');

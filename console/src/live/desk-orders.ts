import type {
  Actor,
  AwaitedConfirmation,
  ClockName,
  ClockView,
  OrderCard,
  QueueId,
  QueueItemCard,
  StubOrderCard,
  StubQueueItemCard,
} from '@minqing-hub/client-sdk/protocol';
import { computed, inject, type ComputedRef, type InjectionKey } from 'vue';
import type { Hub } from '../hub';
import { isOpen, isOverdue, sortedByDue } from './order-clocks';
import { useRoom, type LiveRoom } from './use-room';

type Row = OrderCard | StubOrderCard;
type Item = QueueItemCard | StubQueueItemCard;

/** The clock that the work of a queue stops. */
const CLOCK_OF_QUEUE: Partial<Record<QueueId, ClockName>> = {
  register: 'ACCEPT',
  dispatch: 'DISPATCH',
  arbitration: 'ARBITRATION',
};

/** Of an order's clocks the one that this piece of work stops; call-backs and wishes for a level above have none. */
export function clockOfItem({ queueId }: Item, clocks: readonly ClockView[] | undefined): ClockView | null {
  return clocks?.find((one) => one.clock === CLOCK_OF_QUEUE[queueId] && isOpen(one)) ?? null;
}

/** What the dispatch desk has an eye on. For others it is empty. */
export interface DeskOrders {
  /** Whether this person sees it at all. */
  sees: boolean;
  room: LiveRoom;
  /** With something that ran out and is still open, longest first. */
  overdue: ComputedRef<Row[]>;
  clockOf: (item: Item) => ClockView | null;
  /** The wish of a unit that a piece of work in the dispatch queue is about, if it is. */
  wishOf: (item: Item) => AwaitedConfirmation | null;
}

export const deskOrdersKey: InjectionKey<DeskOrders> = Symbol('desk orders');

export function useDeskOrders(): DeskOrders {
  const desk = inject(deskOrdersKey);
  if (!desk) throw new Error('useDeskOrders outside of a logged-in page');
  return desk;
}

export function createDeskOrders(hub: Hub, { roles }: Actor): DeskOrders {
  const sees = roles.some((role) => ['dispatcher', 'arbiter', 'shift_leader'].includes(role));
  const room = useRoom(() => (sees ? 'desk:city' : null), { hub });
  return {
    sees,
    room,
    overdue: computed(() => sortedByDue(room.all('order').filter(isOverdue))),
    clockOf: (item) =>
      item.orderNo === null || item.callbackId !== null
        ? null
        : clockOfItem(item, room.card('order', item.orderNo)?.clocks),
    wishOf: ({ queueId, orderNo }) =>
      queueId === 'dispatch' && orderNo !== null ? (room.card('order', orderNo)?.awaits ?? null) : null,
  };
}

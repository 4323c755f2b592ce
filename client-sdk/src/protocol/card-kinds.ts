import type {
  CallCard,
  CallbackCard,
  ListGapCard,
  OrderCard,
  PolicyCard,
  QueueItemCard,
  SeatCard,
  StubOrderCard,
  StubQueueItemCard,
} from './cards.js';
import type { StubWhistleCard, WhistleCard } from './whistles.js';

/** Keys are `order:{orderNo}`, `item:{itemId}`, `seat:{seatId}`, `call:{callId}`, `callback:{callbackId}`, `gap:{gapId}`, `policy:{key}`, `whistle:{whistleNo}`. */
export interface CardByKind {
  order: OrderCard | StubOrderCard;
  item: QueueItemCard | StubQueueItemCard;
  seat: SeatCard;
  call: CallCard;
  callback: CallbackCard;
  gap: ListGapCard;
  policy: PolicyCard;
  whistle: WhistleCard | StubWhistleCard;
}
export type CardKind = keyof CardByKind;
export type CardKey = `${CardKind}:${string}`;
export type Card = CardByKind[CardKind];

/** What one event does to one room's map of cards. */
export type CardChange =
  | { key: CardKey; op: 'enter'; card: Card }
  | {
      key: CardKey;
      op: 'change';
      fields:
        | Partial<OrderCard>
        | Partial<QueueItemCard>
        | Partial<SeatCard>
        | Partial<CallCard>
        | Partial<CallbackCard>
        | Partial<ListGapCard>
        | Partial<PolicyCard>
        | Partial<WhistleCard>;
    }
  | { key: CardKey; op: 'gone' };

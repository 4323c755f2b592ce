import type { Card, CardKey, OrderCard, StubOrderCard, StubQueueItemCard } from '@minqing-hub/client-sdk/protocol';

const STUB_ORDER: readonly (keyof StubOrderCard)[] = [
  'orderNo',
  'version',
  'state',
  'visibility',
  'grade',
  'dispatchDueAt',
  'awaits',
];
const STUB_ITEM: readonly (keyof StubQueueItemCard)[] = [
  'itemId',
  'queueId',
  'orderNo',
  'callbackId',
  'state',
  'critical',
  'dueAt',
  'queuedAt',
  'seatId',
  'offerEndsAt',
  'grade',
  'visibility',
  'atHead',
];

/** What shared rooms see of a confidential order: that there is one, how urgent, until when, whose word it waits for. [DG4] */
export function stubOf(key: CardKey, card: Card): Card {
  if (!key.startsWith('item:')) return orderStub(card as OrderCard) as unknown as Card;
  return fieldsOf(card, STUB_ITEM);
}

/** By its clocks alone nobody learns who has it. */
const orderStub = (card: OrderCard): unknown => ({
  ...fieldsOf(card, STUB_ORDER),
  ...(card.clocks && { clocks: card.clocks.map((clock) => ({ ...clock, unitId: null })) }),
});

const fieldsOf = (card: Card, fields: readonly string[]): Card =>
  Object.fromEntries(Object.entries(card).filter(([name]) => fields.includes(name))) as unknown as Card;

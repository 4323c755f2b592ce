import type {
  Card,
  CardKey,
  ClockView,
  StubOrderCard,
  StubQueueItemCard,
  StubWhistleCard,
} from '@minqing-hub/client-sdk/protocol';

const STUB_ORDER: readonly (keyof StubOrderCard)[] = [
  'orderNo',
  'version',
  'state',
  'visibility',
  'grade',
  'dispatchDueAt',
  'awaits',
];
const STUB_WHISTLE: readonly (keyof StubWhistleCard)[] = [
  'whistleNo',
  'version',
  'stage',
  'type',
  'visibility',
  'blownAt',
  'endedAt',
];
const STUB_ITEM: readonly (keyof StubQueueItemCard)[] = [
  'itemId',
  'queueId',
  'orderNo',
  'callbackId',
  'state',
  'critical',
  'dueAt',
  'amberAt',
  'overdueAt',
  'queuedAt',
  'seatId',
  'offerEndsAt',
  'grade',
  'visibility',
  'atHead',
];

/**
 * What shared rooms see of a confidential order: that there is one, how urgent, until when, whose word it waits for; and
 * of a whistle that has one how it stands. [DG4]
 */
export function stubOf(key: CardKey, card: Card): Card {
  if (key.startsWith('item:')) return fieldsOf(card, STUB_ITEM);
  // Its clocks tell nobody who has it. Cards of before there were clocks have none.
  const clocks =
    'clocks' in card ? { clocks: card.clocks.map((clock) => ({ ...withoutReasons(clock), unitId: null })) } : {};
  return { ...fieldsOf(card, key.startsWith('whistle:') ? STUB_WHISTLE : STUB_ORDER), ...clocks };
}

/** Why it was put aside tells what it is about. */
const withoutReasons = ({ pausedBecause: _reasons, ...clock }: ClockView): ClockView => clock;

const fieldsOf = (card: Card, fields: readonly string[]): Card =>
  Object.fromEntries(Object.entries(card).filter(([name]) => fields.includes(name))) as unknown as Card;

import type { HubEvent, QueueItemCard, SeatCard } from '@minqing-hub/client-sdk/protocol';
import type { Entry } from '../history/entry.js';
import { inOrder, roomLogs } from './room-logs.js';
import type { Check, Violation } from './violation.js';

type Held = Pick<QueueItemCard, 'state' | 'seatId'>;

/** [I4] An item is offered to one seat at most and held by one at most: who gets it gets it from nobody's hands. */
export const holders: Check = (history) => {
  const found: Violation[] = [];
  for (const log of roomLogs(history)) {
    if (!log.room.startsWith('queue:')) continue;
    const items = new Map<string, Held>();
    for (const event of inOrder(log).events) {
      const { card } = event.data;
      if (!card?.key.startsWith('item:')) continue;
      const before = items.get(card.key);
      if (card.op === 'gone') {
        items.delete(card.key);
        continue;
      }
      const fields = (card.op === 'enter' ? card.card : card.fields) as Partial<Held>;
      // Of an item that was there before the first event seen, the first change tells only what changed.
      if (!before && card.op === 'change') continue;
      const after = { ...before, ...fields } as Held;
      const sentence = before && wrongHands(event, before, after);
      if (sentence) found.push({ wrong: 'held twice', subject: card.key, sentence });
      items.set(card.key, after);
    }
  }
  return [...found, ...leftBehind(history)];
};

function wrongHands({ type, data }: HubEvent, before: Held, after: Held): string | undefined {
  if (before.state === 'queued' || data.how === 'handed_over') return undefined;
  const has = `${before.seatId} had it ${before.state === 'offered' ? 'on offer' : 'in hand'}`;
  if (type === 'queue.item_offered') return `offered to ${after.seatId} while ${has}`;
  if (type !== 'queue.item_claimed') return undefined;
  if (before.state === 'offered' && before.seatId === after.seatId) return undefined;
  return `claimed by ${after.seatId} while ${has}`;
}

/** Nothing stays in the hands of a seat at which nobody was any more when the item was looked at. [QS8] */
function leftBehind(history: readonly Entry[]): Violation[] {
  const found: Violation[] = [];
  const gone = new Set<string>();
  for (const entry of history) {
    if (entry.kind !== 'fresh') continue;
    for (const [key, card] of Object.entries(entry.cards)) {
      if (key.startsWith('seat:') && (card as SeatCard).presence === 'offline') gone.add((card as SeatCard).seatId);
      const { seatId, state } = card as QueueItemCard;
      if (!key.startsWith('item:') || state === 'queued' || seatId === null || !gone.has(seatId)) continue;
      found.push({ wrong: 'lost', subject: key, sentence: `it is still ${state} at ${seatId}, where nobody is` });
    }
  }
  return found;
}

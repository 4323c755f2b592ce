import { isDeepStrictEqual } from 'node:util';
import type { Card, CardKey, HubEvent } from '@minqing-hub/client-sdk/protocol';
import type { Cards, Entry } from '../history/entry.js';
import { type RoomLog, roomLogs } from './room-logs.js';
import type { Check, Violation } from './violation.js';

interface Picture {
  who: string;
  offset: number;
  cards: Cards;
}

/**
 * [LOG3] Every picture of a room, a snapshot or an SDK's store, is what an earlier one becomes by the events between
 * them; so each console's store equals what the hub sends to a fresh one.
 */
export const stores: Check = (history) => {
  const found: Violation[] = [];
  for (const log of roomLogs(history)) found.push(...compare(log, picturesOf(history, log)));
  return [...found, ...values(history), ...keptOut(history)];
};

function picturesOf(history: readonly Entry[], { room, epoch }: RoomLog): Picture[] {
  const pictures: Picture[] = [];
  for (const entry of history) {
    if (!('room' in entry) || entry.room !== room || !('cards' in entry) || entry.cards === undefined) continue;
    if (entry.epoch !== epoch) continue;
    pictures.push({ who: `${entry.console} (${entry.kind})`, offset: entry.offset, cards: entry.cards });
  }
  return pictures.sort((a, b) => a.offset - b.offset);
}

function compare(log: RoomLog, pictures: Picture[]): Violation[] {
  const found: Violation[] = [];
  let at = -1;
  let cards = new Map<CardKey, Card>();
  for (const { who, offset, cards: shown } of pictures) {
    while (at >= 0 && at < offset) {
      const event = log.events.get(at + 1);
      if (!event) at = -1;
      else {
        apply(cards, event);
        at += 1;
      }
    }
    const key = at < 0 ? undefined : differingKey(cards, shown);
    if (key !== undefined) {
      const sentence = `${who} at offset ${offset}: ${key} is not what the events before it make of it`;
      found.push({ wrong: 'store not as a fresh console', subject: `${log.room} ${key}`, sentence });
    }
    at = offset;
    cards = new Map(Object.entries(shown) as [CardKey, Card][]);
  }
  return found;
}

function apply(cards: Map<CardKey, Card>, { data: { card } }: HubEvent): void {
  if (!card) return;
  if (card.op === 'enter') cards.set(card.key, card.card);
  else if (card.op === 'gone') cards.delete(card.key);
  else cards.set(card.key, { ...cards.get(card.key), ...card.fields } as Card);
}

function differingKey(cards: ReadonlyMap<CardKey, Card>, shown: Cards): string | undefined {
  for (const [key, card] of cards) if (!isDeepStrictEqual(card, shown[key])) return key;
  return Object.keys(shown).find((key) => !cards.has(key as CardKey));
}

/** Where an SDK's store stands when all is quiet, and the newest values that it was told. */
function values(history: readonly Entry[]): Violation[] {
  const found: Violation[] = [];
  const fresh = new Map<string, Entry & { kind: 'fresh' }>();
  for (const entry of history) if (entry.kind === 'fresh') fresh.set(entry.room, entry);
  for (const entry of history) {
    const other = entry.kind === 'store' ? fresh.get(entry.room) : undefined;
    if (entry.kind !== 'store' || !other) continue;
    const subject = `${entry.console} ${entry.room}`;
    const tell = (sentence: string): void =>
      void found.push({ wrong: 'store not as a fresh console', subject, sentence });
    if (entry.epoch !== other.epoch) tell(`it follows the epoch ${entry.epoch}`);
    else if (entry.offset < other.offset) tell(`it stands at ${entry.offset}, the room at ${other.offset}`);
    else if (!isDeepStrictEqual(entry.latest, other.latest)) tell('its newest values are not the hub’s');
  }
  return found;
}

/** Whoever may see a room sees it as soon as all is quiet. */
function keptOut(history: readonly Entry[]): Violation[] {
  const found: Violation[] = [];
  for (const entry of history) {
    if (entry.kind !== 'kept out') continue;
    const subject = `${entry.console} ${entry.room}`;
    found.push({ wrong: 'store not as a fresh console', subject, sentence: 'it is not let in' });
  }
  return found;
}

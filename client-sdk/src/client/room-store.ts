import type { Card, CardChange, CardKey, Frame, HubEvent } from '../protocol/index.js';

/** What became of a frame. Whatever is not `applied` left the store as it was. */
export type FrameOutcome =
  | { kind: 'applied'; events: HubEvent[]; keys: CardKey[] }
  /** Everything in it was applied before. */
  | { kind: 'known' }
  /** Events are missing before it. */
  | { kind: 'gap' }
  /** It belongs to another log than the store. */
  | { kind: 'other_epoch' }
  /** It changes a card that the store does not have: the store is not what the hub believes. */
  | { kind: 'unfit' };

/**
 * One room's cards after exactly the events up to `offset`. Pure: no socket, no time. Every event is applied once and in
 * its place, or not at all; a card is never changed in place, so a reader may compare by identity.
 */
export class RoomStore {
  /** The same map for the store's whole life. */
  readonly cards = new Map<CardKey, Card>();
  epoch: string | null = null;
  offset = 0;

  apply(frame: Frame): FrameOutcome {
    if (this.epoch === null) return { kind: 'gap' };
    if (frame.epoch !== this.epoch) return { kind: 'other_epoch' };
    if (frame.from > this.offset + 1) return { kind: 'gap' };
    const fresh = frame.events.slice(this.offset + 1 - frame.from);
    if (fresh.length === 0) return { kind: 'known' };

    const changed = this.changedBy(fresh);
    if (changed === null) return { kind: 'unfit' };
    for (const [key, card] of changed) {
      if (card === null) this.cards.delete(key);
      else this.cards.set(key, card);
    }
    this.offset += fresh.length;
    return { kind: 'applied', events: fresh, keys: [...changed.keys()] };
  }

  /** A snapshot: answers the keys that are new, different in content, or gone. */
  replace(epoch: string, offset: number, cards: Iterable<[CardKey, Card]>): CardKey[] {
    const next = new Map(cards);
    const keys = new Set<CardKey>();
    for (const key of this.cards.keys()) if (!next.has(key)) keys.add(key);
    for (const [key, card] of next) {
      const old = this.cards.get(key);
      if (old && sameCard(old, card)) next.set(key, old);
      else keys.add(key);
    }
    this.cards.clear();
    for (const [key, card] of next) this.cards.set(key, card);
    this.epoch = epoch;
    this.offset = offset;
    return [...keys];
  }

  /** Answers the keys that were there. */
  clear(): CardKey[] {
    const keys = [...this.cards.keys()];
    this.cards.clear();
    this.epoch = null;
    this.offset = 0;
    return keys;
  }

  /** Key → the card after all events, `null` when it is gone; `null` altogether when an event does not fit. */
  private changedBy(events: readonly HubEvent[]): Map<CardKey, Card | null> | null {
    const changed = new Map<CardKey, Card | null>();
    for (const { data } of events) {
      if (!data.card) continue;
      const { key } = data.card;
      const old = changed.has(key) ? changed.get(key) : this.cards.get(key);
      const next = cardAfter(old ?? null, data.card);
      if (next === undefined) return null;
      changed.set(key, next);
    }
    return changed;
  }
}

function cardAfter(old: Card | null, change: CardChange): Card | null | undefined {
  switch (change.op) {
    case 'enter':
      return change.card;
    case 'change':
      return old === null ? undefined : ({ ...old, ...change.fields } as Card);
    case 'gone':
      return null;
  }
}

function sameCard(one: Card, other: Card): boolean {
  const a = Object.entries(one);
  const b = other as unknown as Record<string, unknown>;
  return (
    a.length === Object.keys(b).length && a.every(([name, value]) => JSON.stringify(value) === JSON.stringify(b[name]))
  );
}

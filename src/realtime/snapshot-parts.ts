import type { Card, CardKey } from '@minqing-hub/client-sdk/protocol';

/** Up to this a snapshot is one piece: what a console may leave unread, less what stands around it. */
const WHOLE_BYTES = 255 * 1024;
/** Beyond, a console reads one piece while the next is made. */
const PART_BYTES = 128 * 1024;

export interface SnapshotPiece {
  cards: Record<CardKey, Card>;
  /** About, as JSON in UTF-8. */
  bytes: number;
}

/** A snapshot in pieces that a transport carries without choking; at least one, however few the cards. */
export function inParts(cards: Record<CardKey, Card>): SnapshotPiece[] {
  const sized = (Object.entries(cards) as [CardKey, Card][]).map(
    ([key, card]) => [key, card, key.length + Buffer.byteLength(JSON.stringify(card)) + 4] as const,
  );
  const all = sized.reduce((sum, [, , size]) => sum + size, 0);
  if (all <= WHOLE_BYTES) return [{ cards, bytes: all }];
  const parts: SnapshotPiece[] = [];
  for (const [key, card, size] of sized) {
    let part = parts.at(-1);
    if (!part || part.bytes + size > PART_BYTES) parts.push((part = { cards: {}, bytes: 0 }));
    part.cards[key] = card;
    part.bytes += size;
  }
  return parts;
}

import type { Card, CardKey } from '@minqing-hub/client-sdk/protocol';

const PART_BYTES = 256 * 1024;

/** A snapshot in pieces that a transport carries without choking; at least one, however few the cards. */
export function inParts(cards: Record<CardKey, Card>): Record<CardKey, Card>[] {
  const parts: Record<CardKey, Card>[] = [{}];
  let bytes = 0;
  for (const [key, card] of Object.entries(cards) as [CardKey, Card][]) {
    const size = key.length + JSON.stringify(card).length + 4;
    if (bytes + size > PART_BYTES && bytes > 0) {
      parts.push({});
      bytes = 0;
    }
    parts.at(-1)![key] = card;
    bytes += size;
  }
  return parts;
}

import fc from 'fast-check';
import type { Card, CardKey } from '@minqing-hub/client-sdk/protocol';
import { inParts } from './snapshot-parts.js';

const KIB = 1024;

describe('snapshot parts', () => {
  it('hold every card once, in order, and none is larger than 256 KiB unless one card is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 * KIB }), { maxLength: 20 }), (sizes) => {
        const cards = Object.fromEntries(
          sizes.map((size, i) => [`order:${i}`, { orderNo: 'x'.repeat(size) } as unknown as Card]),
        ) as Record<CardKey, Card>;
        const parts = inParts(cards).map((part) => part.cards);
        expect(Object.assign({}, ...parts)).toEqual(cards);
        expect(parts.flatMap((part) => Object.keys(part))).toEqual(Object.keys(cards));
        for (const part of parts) {
          const small = Object.keys(part).length > 1;
          if (small) expect(JSON.stringify(part).length).toBeLessThanOrEqual(257 * KIB);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('are one when there is nothing', () => {
    expect(inParts({})).toEqual([{ cards: {}, bytes: 0 }]);
  });
});

import fc from 'fast-check';
import { encodedFrames } from './encoded-frame.js';
import { EventRing } from './event-ring.js';

describe('[LD1] the ring of encoded events', () => {
  it('holds no more bytes than it may, and gives the newest back as they were, without a hole', () => {
    const puts = fc.array(
      fc.record({ room: fc.constantFrom('a', 'b', 'c'), count: fc.integer({ min: 1, max: 9 }), size: fc.nat(300) }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(puts, fc.integer({ min: 500, max: 20_000 }), (all, most) => {
        const ring = new EventRing(most);
        const heads = new Map<string, number>();
        const told = new Map<string, string>();
        for (const { room, count, size } of all) {
          const from = (heads.get(room) ?? 0) + 1;
          const texts = Array.from({ length: count }, (_, i) => `${room}${from + i} ${'诉'.repeat(size)}`);
          texts.forEach((text, i) => told.set(`${room} ${from + i}`, text));
          heads.set(room, from + count - 1);
          ring.put(room, from, texts);
          expect(ring.size).toBeLessThanOrEqual(most);
        }
        for (const [room, head] of heads) {
          for (let from = 1; from <= head; from++) {
            const run = ring.run(room, from, head, 1_000);
            expect(run).toEqual(run.map((_, i) => told.get(`${room} ${from + i}`)));
            expect(ring.covers(room, from, head)).toBe(run.length === head - from + 1);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('encoded frames', () => {
  it('[I2] hold each event once and in order, in pieces that a console has room for', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 90_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sizes, fc.nat(1_000), (all, from) => {
        const texts = all.map((size, id) => JSON.stringify({ id, x: '诉'.repeat(size / 3) }));
        let next = from;
        for (const frame of encodedFrames({ room: 'r', epoch: 'e', from }, texts)) {
          expect(frame.from).toBe(next);
          next = frame.to + 1;
          if (frame.to > frame.from) expect(frame.message.bytes).toBeLessThan(129 * 1024);
        }
        expect(next).toBe(from + texts.length);
      }),
      { numRuns: 40 },
    );
  });
});

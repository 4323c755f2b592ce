import fc from 'fast-check';
import type { Latest } from '@minqing-hub/client-sdk/protocol';
import { Conflation } from './conflation.js';

const anyDay = fc.array(
  fc.record({ after: fc.integer({ min: 0, max: 120 }), key: fc.constantFrom('a', 'b', 'c'), looks: fc.boolean() }),
  { maxLength: 200 },
);

describe('Conflation', () => {
  it('[FL10] lets no key out more than three times a second, and the newest in the end', () => {
    fc.assert(
      fc.property(anyDay, fc.constantFrom(0, 700, 5_000), (steps, consoles) => {
        const conflation = new Conflation(() => consoles);
        const sent: { at: number; value: Latest }[] = [];
        const newest = new Map<string, number>();
        const look = (at: number) => {
          for (let value = conflation.take(at); value; value = conflation.take(at)) sent.push({ at, value });
        };
        let now = 0;
        for (const [version, { after, key, looks }] of steps.entries()) {
          now += after;
          conflation.put({ room: 'floor', key, version, data: null });
          newest.set(key, version);
          if (looks) look(now);
        }
        for (let end = now + 1_020; now <= end; now += 20) look(now);
        for (const key of newest.keys()) {
          const mine = sent.filter(({ value }) => value.key === key);
          for (const { at } of mine) {
            expect(mine.filter((other) => other.at >= at && other.at < at + 1_000).length).toBeLessThanOrEqual(3);
          }
          expect(mine.at(-1)!.value.version).toBe(newest.get(key));
          expect(mine.map(({ value }) => value.version)).toEqual(
            mine.map(({ value }) => value.version).sort((a, b) => a - b),
          );
        }
      }),
    );
  });

  it('lets the first value of a key go at once', () => {
    const conflation = new Conflation(() => 700);
    conflation.put({ room: 'floor', key: 'a', version: 1, data: 1 });
    expect(conflation.take(5)).toMatchObject({ version: 1 });
    expect(conflation.take(5)).toBeUndefined();
  });

  it('[FL10] tells a room with many consoles less often than one with few, and within a second', () => {
    const told = (consoles: number) => {
      const conflation = new Conflation(() => consoles);
      let count = 0;
      for (let now = 0; now < 10_000; now += 10) {
        conflation.put({ room: 'head:register', key: 'a', version: now, data: null });
        if (conflation.take(now)) count += 1;
      }
      return count;
    };
    expect([told(0), told(100), told(700), told(5_000)]).toEqual([30, 30, 10, 10]);
  });
});

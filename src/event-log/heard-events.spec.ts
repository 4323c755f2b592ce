import fc from 'fast-check';
import { HeardEvents } from './heard-events.js';
import type { LoggedEvent } from './logged-event.js';

const event = (seq: number, type: string) => ({ seq, type }) as unknown as LoggedEvent;

describe('what was heard of the log', () => {
  it('[I2] is what the log itself would tell, or nothing, whatever the tail left out and wherever its reader stands', () => {
    let told = 0;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('mine', 'mine too', 'other'), { minLength: 30, maxLength: 120 }),
        // Events handed out in a row, or how many are passed over because the tail began anew behind them; then a reader comes.
        fc.array(
          fc.record({
            batch: fc.nat(8),
            passedOver: fc.constantFrom(0, 0, 0, 0, 0, 3),
            on: fc.nat(6),
            limit: fc.integer({ min: 1, max: 5 }),
          }),
          { maxLength: 20 },
        ),
        (types, steps) => {
          const log = types.map((type, i) => event(i + 1, type));
          const mine = log.filter(({ type }) => type.startsWith('mine'));
          const heard = new HeardEvents(['mine', 'mine too']);
          let handed = 0;
          let reader = 0;
          for (const { batch, passedOver, on, limit } of steps) {
            handed = Math.min(log.length, handed + passedOver);
            heard.hear(log.slice(handed, handed + batch), handed);
            handed = Math.min(log.length, handed + batch);
            // Readers go on from where they stand, never back.
            reader = Math.min(handed, reader + on);
            const read = heard.after(reader, limit);
            if (!read) continue;
            told += read.events.length;
            expect(read.events).toEqual(
              mine.filter((one) => one.seq > reader && one.seq <= read.scannedTo).slice(0, limit),
            );
            if (read.events.length < limit) expect(read.scannedTo).toBe(handed);
            else expect(read.scannedTo).toBe(read.events.at(-1)!.seq);
            // Asked again, as after a failure: the same.
            expect(heard.after(reader, limit)).toEqual(read);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(told).toBeGreaterThan(500);
  });

  it('does not grow for a reader who is slow, or never comes', () => {
    const heard = new HeardEvents(['mine']);
    heard.hear([], 0);
    for (let seq = 0; seq < 5_000; seq += 10) {
      heard.hear(
        Array.from({ length: 10 }, (_, i) => event(seq + i + 1, 'mine')),
        seq,
      );
    }
    expect(heard.after(0, 100)).toBeUndefined();
    const late = heard.after(4_900, 10_000)!;
    expect(late.scannedTo).toBe(5_000);
    expect(late.events).toHaveLength(100);
  });
});

import fc from 'fast-check';
import { anyWaitingItems, PATIENCE_MS, waitingItem } from '../../../test/support/queue-items.js';
import { byTurn, dueOrderOf, turnOf } from './queue-order.js';

const names = (items: ReturnType<typeof waitingItem>[]) => [...items].sort(byTurn).map(({ itemId }) => itemId);

describe('order in a queue', () => {
  it('[QS1] sorts by urgency, then due, then age', () => {
    const items = [
      waitingItem({ itemId: 'no due, young', queuedAt: 2 }),
      waitingItem({ itemId: 'no due, old', queuedAt: 1 }),
      waitingItem({ itemId: 'due later than patience', dueAt: PATIENCE_MS + 900, queuedAt: 1 }),
      waitingItem({ itemId: 'due late', dueAt: 900, queuedAt: 1 }),
      waitingItem({ itemId: 'due soon', dueAt: 100, queuedAt: 3 }),
      waitingItem({ itemId: 'due soon, older', dueAt: 100, queuedAt: 2 }),
      waitingItem({ itemId: 'critical', critical: true, queuedAt: 9 }),
    ];
    expect(names(items)).toEqual([
      'critical',
      'due soon, older',
      'due soon',
      'due late',
      'no due, old',
      'no due, young',
      'due later than patience',
    ]);
  });

  it('[RT6] lets what has no due time wait no longer than patience, and what was overdue long ago pass no more than that', () => {
    expect(dueOrderOf({ dueAt: null, queuedAt: 5_000 }, 300)).toBe(5_300);
    expect(dueOrderOf({ dueAt: 9_000, queuedAt: 5_000 }, 300)).toBe(9_000);
    expect(dueOrderOf({ dueAt: 4_900, queuedAt: 5_000 }, 300)).toBe(4_900);
    expect(dueOrderOf({ dueAt: 100, queuedAt: 5_000 }, 300)).toBe(4_700);
    fc.assert(
      fc.property(anyWaitingItems(), fc.option(fc.nat(9_000)), fc.nat(1_000), (items, dueAt, later) => {
        for (const item of items) {
          const queuedAt = item.dueOrder + PATIENCE_MS + later + 1;
          const late = waitingItem({ critical: item.critical, queuedAt, dueAt, itemId: '0' });
          expect(byTurn(item, late)).toBeLessThan(0);
        }
      }),
    );
  });

  it('[QS2] puts what a seat gave up before its equals in urgency', () => {
    const items = [
      waitingItem({ itemId: 'due', dueAt: 1 }),
      waitingItem({ itemId: 'returned', atHead: true, queuedAt: 99 }),
      waitingItem({ itemId: 'returned, due', atHead: true, dueAt: 50, queuedAt: 99 }),
      waitingItem({ itemId: 'critical', critical: true }),
      waitingItem({ itemId: 'critical, returned', critical: true, atHead: true, queuedAt: 99 }),
    ];
    expect(names(items)).toEqual(['critical, returned', 'critical', 'returned, due', 'returned', 'due']);
  });

  it('is one order for everybody: total, and the same whatever the items came in', () => {
    fc.assert(
      fc.property(anyWaitingItems(), fc.integer(), (items, seed) => {
        const shuffled = [...items].sort((a, b) => ((a.queuedAt * seed) % 7) - ((b.queuedAt * seed) % 7));
        expect(names(shuffled)).toEqual(names(items));
        const sorted = [...items].sort(byTurn);
        sorted.slice(1).forEach((item, i) => {
          expect(byTurn(sorted[i]!, item)).toBeLessThan(0);
          expect(turnOf(sorted[i]!)).toBeLessThanOrEqual(turnOf(item));
        });
      }),
    );
  });
});

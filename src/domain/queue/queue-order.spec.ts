import fc from 'fast-check';
import { anyWaitingItems, waitingItem } from '../../../test/support/queue-items.js';
import { byTurn, turnOf } from './queue-order.js';

const names = (items: ReturnType<typeof waitingItem>[]) => [...items].sort(byTurn).map(({ itemId }) => itemId);

describe('order in a queue', () => {
  it('[QS1] sorts by urgency, then due, then age, and what has no due after what has one', () => {
    const items = [
      waitingItem({ itemId: 'no due, young', queuedAt: 2 }),
      waitingItem({ itemId: 'no due, old', queuedAt: 1 }),
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
    ]);
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

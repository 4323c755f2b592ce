import { candidate, floorOf, waitingItem } from '../../../test/support/queue-items.js';
import type { QueueItem } from '../queue/queue-item.js';
import { askingOf, byFairness, type Candidate, hasRoom, maySuit, paceOf } from './routing.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('routing', () => {
  it('[RT5] gives a seat no more than its capacity in all, and no more of one kind than that kind’s', () => {
    const { capacity } = floorOf({ capacity: { total: 3, of: { register: 1, dispatch: 3 } } }).rules;
    const seat = candidate({ held: 1, heldOf: { register: 1 } });
    expect(hasRoom(seat, 'register', capacity)).toBe(false);
    expect(hasRoom(seat, 'dispatch', capacity)).toBe(true);
    expect(hasRoom(candidate({ held: 3, heldOf: { dispatch: 2, register: 1 } }), 'dispatch', capacity)).toBe(false);
  });

  it('[RT7] puts less in hand first, then who has not just missed an offer, then less taken per hour, then idle time', () => {
    const now = 4 * HOUR;
    const order = (...seats: Candidate[]) =>
      [...seats].sort(byFairness(now, { missPauseMs: 60_000 })).map(({ seatId }) => seatId);
    const busy = candidate({ seatId: 'busy', held: 1, signedOnAt: 0 });
    const missed = candidate({ seatId: 'missed', missedAt: now - 59_999, signedOnAt: 0 });
    const much = candidate({ seatId: 'much', taken: 9, signedOnAt: 0 });
    const less = candidate({ seatId: 'less', taken: 4, signedOnAt: 2 * HOUR, missedAt: now - 60_000 });
    const waits = candidate({ seatId: 'waits', taken: 8, signedOnAt: 0, idleSince: 1 });
    const fresh = candidate({ seatId: 'fresh', taken: 8, signedOnAt: 0, idleSince: 2 });
    expect(order(busy, missed, much, fresh, waits, less)).toEqual(['less', 'waits', 'fresh', 'much', 'missed', 'busy']);
  });

  it('[RT7] counts what was taken per hour signed on, or without that since the presence began', () => {
    expect(paceOf(candidate({ taken: 6, signedOnAt: HOUR + MINUTE }), 4 * HOUR)).toBe(2);
    expect(paceOf(candidate({ taken: 6, presenceSince: 2 * HOUR + MINUTE }), 4 * HOUR)).toBe(3);
    expect(paceOf(candidate({ taken: 1, signedOnAt: HOUR }), HOUR)).toBe(60);
    expect(paceOf(candidate({ taken: 0 }), 0)).toBe(0);
  });

  describe('[RT8] what a seat gave up', () => {
    const given: Partial<QueueItem> = { givenUpBy: 'S1', givenUpAt: 10_000, atHead: true };
    const others = { queues: ['dispatch' as const], skills: [], seats: 1, seatId: 'S2' };
    const own = { ...others, seatId: 'S1' };
    const offered = (now: number, signedOn: (typeof others)[], more: Partial<QueueItem> = {}) => {
      const floor = floorOf({ now, signedOn });
      return maySuit(askingOf(waitingItem({ ...given, ...more }), floor), candidate(), floor.rules);
    };

    it('is not offered to it again for a minute', () => {
      expect(offered(69_999, [own, others])).toBe(false);
      expect(offered(69_999, [{ ...own, seats: 2 }])).toBe(false);
      expect(offered(70_000, [own, others])).toBe(true);
    });

    it('is offered to it at once when nobody else there could do it', () => {
      expect(offered(10_000, [own])).toBe(true);
      expect(offered(10_000, [own, { ...others, queues: ['register' as never] }])).toBe(true);
      const needs = [{ skill: 'a', level: 1 }];
      const able = { ...own, skills: needs as never[] };
      const floor = floorOf({ now: 10_000, signedOn: [able, others] });
      const item = waitingItem({ ...given, needs, queuedAt: 10_000 });
      expect(maySuit(askingOf(item, floor), candidate({ skills: needs }), floor.rules)).toBe(true);
    });
  });
});

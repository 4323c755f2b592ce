import { idleSeat } from '../../../test/support/queue-items.js';
import { queuesOf } from './queues-of.js';
import { givesUp, isIdle, losesOne, takesOne } from './seat.js';

describe('seats', () => {
  it('[QS4] serves the queues of its user’s roles', () => {
    expect(queuesOf(['agent'])).toEqual(['register']);
    expect(queuesOf(['dispatcher'])).toEqual(['dispatch']);
    expect(queuesOf(['arbiter', 'agent', 'dispatcher'])).toEqual(['register', 'dispatch', 'arbitration']);
    expect(queuesOf(['shift_leader', 'handler', 'system'])).toEqual([]);
  });

  it('[QS4] is idle when ready with less in hand than its capacity', () => {
    expect(isIdle(idleSeat(), 1)).toBe(true);
    expect(isIdle(idleSeat({ held: 1 }), 1)).toBe(false);
    expect(isIdle(idleSeat({ held: 1 }), 2)).toBe(true);
    for (const presence of ['busy', 'break', 'offline'] as const) expect(isIdle(idleSeat({ presence }), 1)).toBe(false);
  });

  it('[QS5] stands behind the other idle ones once it has let go', () => {
    expect(losesOne(takesOne(idleSeat({ idleSince: 5 })), 99)).toMatchObject({ held: 0, idleSince: 99 });
  });

  it('[QS7] gives up everything offline, offers in a break, nothing else', () => {
    expect(['offline', 'break', 'busy', 'ready'].map((presence) => givesUp(presence as 'ready'))).toEqual([
      'everything',
      'offers',
      'nothing',
      'nothing',
    ]);
  });
});

import { idleSeat } from '../../../test/support/queue-items.js';
import { queuesOf } from './queues-of.js';
import { givesUp, letsPass, losesOne, takesInHand, takesOne } from './seat.js';

describe('seats', () => {
  it('[QS4] serves the queues of its user’s roles', () => {
    expect(queuesOf(['agent'])).toEqual(['register', 'callback']);
    expect(queuesOf(['dispatcher'])).toEqual(['dispatch']);
    expect(queuesOf(['follow_up_agent'])).toEqual(['callback']);
    expect(queuesOf(['arbiter', 'agent', 'dispatcher'])).toEqual(['register', 'dispatch', 'arbitration', 'callback']);
    expect(queuesOf(['shift_leader', 'handler', 'system'])).toEqual([]);
  });

  it('[QS5] stands behind the other idle ones once it has let go', () => {
    expect(losesOne(takesOne(idleSeat({ idleSince: 5 })), 99)).toMatchObject({
      held: 0,
      idleSince: 99,
      missedAt: null,
    });
    const missed = letsPass(takesOne(idleSeat()), 99);
    expect(missed).toMatchObject({ held: 0, idleSince: 99, missedAt: 99, taken: 0 });
    expect(takesInHand(takesOne(missed))).toMatchObject({ held: 1, missedAt: null, taken: 1 });
  });

  it('[QS7] gives up everything offline, offers in a break and in training, nothing else', () => {
    const presences = ['offline', 'break', 'training', 'busy', 'wrap_up', 'ready'] as const;
    expect(presences.map(givesUp)).toEqual(['everything', 'offers', 'offers', 'nothing', 'nothing', 'nothing']);
  });
});

import { FakeClock } from '../../test/support/fake-clock.js';
import { readPolicy } from '../config/policy.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { NoticePolicy } from './notice-policy.js';
import { TellRequesterWhenOrderMoved } from './tell-requester-when-order-moved.reaction.js';

const HOUR = 3_600_000;

describe('what an order has to tell its requester', () => {
  const clock = new FakeClock(100 * HOUR);
  const reaction = new TellRequesterWhenOrderMoved(clock, new NoticePolicy(readPolicy('config')));
  const dispatched = (facts: object, card: object): LoggedEvent =>
    ({
      type: 'order.dispatched',
      at: clock.now() - HOUR,
      data: { orderNo: 'O1', mode: 'auto' },
      card: { orderNo: 'O1', leadUnitId: 'works', ...card },
      ...facts,
    }) as unknown as LoggedEvent;
  const handling = (state: string) => ({ clocks: [{ clock: 'HANDLING', state, dueAt: 7 }] });

  it('[NT1] names by when, as long as that is known', async () => {
    const told = async (card: object) => (await reaction.commandsFor(dispatched({}, card)))[0];
    expect(await told(handling('running'))).toMatchObject({ payload: { unitId: 'works', dueAt: 7 } });
    expect(await told(handling('paused'))).toMatchObject({ payload: { unitId: 'works', dueAt: null } });
    // As cards were before there were clocks.
    expect(await told({})).toMatchObject({ name: 'queueNotice', payload: { unitId: 'works', dueAt: null } });
  });

  it('[NT3] nothing of what is long past, and nothing of before the hub told anybody', async () => {
    expect(await reaction.commandsFor(dispatched({ at: clock.now() - 73 * HOUR }, {}))).toEqual([]);
    expect(reaction.from).toBe('head');
  });
});

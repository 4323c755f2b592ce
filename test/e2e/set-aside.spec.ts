import { Logger } from '@nestjs/common';
import type { Readiness } from '@minqing-hub/client-sdk/protocol';
import { ReadModel, UnitOfWork } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { newRequest } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { settleTown } from '../support/town.js';
import { until } from '../support/until.js';

describe('an event that a reaction cannot follow up', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub();
    // The faults are wanted here.
    Logger.overrideLogger(false);
  });
  afterAll(() => hub.stop());

  it('[DI1] leaves its order to a dispatcher, and is seen by who looks after the hub', async () => {
    await settleTown(await Caller.login(hub.url, 'admin'));
    const agent = await Caller.login(hub.url, 'agent001');
    const ready = async () => (await agent.get<Readiness>('/api/health/ready')).body;
    expect(await ready()).toEqual({ status: 'ready', failing: [], degraded: [], setAside: {}, troubles: [] });

    // A list that somebody has damaged behind the hub's back: no rule of it can be read any more.
    await hub.app.get(UnitOfWork).run((tx) => tx.run(`UPDATE list_duty SET assist_unit_ids = '{damaged'`));
    const { orderNo } = await agent.act('register', {
      ...newRequest(),
      catalogCode: '6-1-1',
      place: { areaCode: '101' },
    });
    await agent.act('accept', { orderNo, expectedVersion: 1 });

    const waiting = () =>
      hub.app
        .get(ReadModel)
        .run((tx) =>
          tx.one(`SELECT 1 AS one FROM queue_item WHERE order_no = ? AND queue_id = 'dispatch' AND state <> 'done'`, [
            orderNo,
          ]),
        );
    await until('the order to wait for a dispatcher', waiting);
    const setAside = { 'auto-dispatch-when-accepted': 1 };
    await until('the event to be set aside', async () => (await ready()).setAside['auto-dispatch-when-accepted']);
    expect(await ready()).toEqual({ status: 'ready', failing: [], degraded: [], setAside, troubles: [] });
    expect((await agent.get<string>('/metrics')).body).toContain(
      'hub_set_aside_events{reaction="auto-dispatch-when-accepted"} 1',
    );
  });
});

import Database from 'better-sqlite3';
import { join } from 'node:path';
import { act, expectSameAsFresh, newId, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

describe('a log of which it was said that it is another one', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub();
  });
  afterAll(() => hub.stop());

  it('[I3] gives every console a fresh start, without a reload, and goes on from there', async () => {
    const [desk, agent] = [await openConsole(hub.url, 'dispatcher01'), await openConsole(hub.url, 'agent001')];
    const room = await openRoom(desk, 'queue:register');
    const intake = { ...newRequest(1), source: 'app', sourceId: newId() };
    await act(agent, 'register', intake);
    await until('the item to be seen', () => room.cards.size === 1);
    const database = new Database(join(hub.dataDir, 'hub.sqlite'));
    database.exec("UPDATE log_head SET epoch = 'another'");
    database.close();
    await until('the console to stand in the other log', () => room.epoch === 'another' && room.state === 'live');
    await act(agent, 'register', { ...intake, sourceId: newId() });
    await until('what came then', () => room.cards.size === 2);
    await expectSameAsFresh(hub.url, 'dispatcher01', room, 'queue:register');
    for (const client of [desk, agent]) client.close();
  });
});

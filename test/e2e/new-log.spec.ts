import Database from 'better-sqlite3';
import { join } from 'node:path';
import type { HubClient, RoomHandle } from '@minqing-hub/client-sdk';
import { CalendarBook } from '../../src/calendar/calendar-book.js';
import { Policy } from '../../src/config/policy.js';
import { readHeads } from '../../src/event-log/log-heads.js';
import { LogReader } from '../../src/event-log/log-reader.js';
import { Caller } from '../support/caller.js';
import { act, expectSameAsFresh, newId, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

let hub: TestHub;
let [desk, agent, admin]: HubClient[] = [];
let room: RoomHandle;
beforeAll(async () => {
  hub = await startHub();
  desk = await openConsole(hub.url, 'dispatcher01');
  agent = await openConsole(hub.url, 'agent001');
  admin = await openConsole(hub.url, 'admin');
  room = await openRoom(desk, 'queue:register');
});
afterAll(async () => {
  for (const client of [desk, agent, admin]) client?.close();
  await hub.stop();
});

const intake = () => ({ ...newRequest(1), source: 'app', sourceId: newId() });

const ARTICLE = { title: '只在备份之后', text: '备份里没有的条目。', source: '演示', ownerUnitId: 'district' };
const NOTICE = {
  year: 2031,
  papers: ['https://www.gov.cn/2031.htm'],
  days: ['2031-01-01', '2031-05-01', '2031-10-01'].map((date) => ({ name: '节', date, isOffDay: true })),
};

function inDatabase(work: (database: Database.Database) => void): void {
  const database = new Database(join(hub.dataDir, 'hub.sqlite'));
  work(database);
  database.close();
}

describe('a log of which it was said that it is another one', () => {
  it('[I3] gives every console a fresh start, without a reload, and goes on from there', async () => {
    await act(agent!, 'register', intake());
    await until('the item to be seen', () => room.cards.size === 1);
    inDatabase((database) => database.exec("UPDATE log_head SET epoch = 'another'"));
    await until('the console to stand in the other log', () => room.epoch === 'another' && room.state === 'live');
    await act(agent!, 'register', intake());
    await until('what came then', () => room.cards.size === 2);
    await expectSameAsFresh(hub.url, 'dispatcher01', room, 'queue:register');
  });

  it('[I3] [PC4] [WD10] [KB6] [I8] leaves nothing in memory of what an old backup does not know', async () => {
    const copy = join(hub.dataDir, 'copy');
    inDatabase((database) => database.prepare('VACUUM INTO ?').run(copy));
    const city = await Caller.login(hub.url, 'admin');
    const [policy, calendar] = [hub.app.get(Policy), hub.app.get(CalendarBook)];
    const found = async () => (await city.get('/api/knowledge?q=只在备份之后')).body.items.length;
    const offerSeconds = policy.number('offer.seconds');

    await act(admin!, 'changePolicy', { key: 'offer.seconds', value: offerSeconds + 7, reason: '试行' });
    await act(admin!, 'publishArticle', ARTICLE);
    expect((await city.post('/api/calendar/notices', NOTICE)).status).toBe(200);
    await act(agent!, 'register', intake());
    await until('all of it to be known', async () => {
      const known = policy.number('offer.seconds') !== offerSeconds && calendar.noticesOf(2031, 2031).length === 1;
      return known && room.cards.size === 3 && (await found()) === 1;
    });

    const last = await hub.app.get(LogReader).head();
    inDatabase((database) => putBack(database, copy));
    await until('the console to stand in the log of then', () => room.epoch === 'restored' && room.state === 'live');
    expect(room.cards.size).toBe(2);
    await until('the policy of then', () => policy.number('offer.seconds') === offerSeconds);
    await until('the calendar of then', () => calendar.noticesOf(2031, 2031).length === 0);
    await until('the articles of then', async () => (await found()) === 0);
    expect(readHeads(hub.dataDir).at(-1)).toMatchObject(last);

    await act(admin!, 'changePolicy', { key: 'offer.seconds', value: offerSeconds + 3, reason: '再试' });
    await until('what is set in the log of now', () => policy.number('offer.seconds') === offerSeconds + 3);
  });
});

/** As if every row were put back that stood in `copy`, in one moment, under a hub that runs. */
function putBack(database: Database.Database, copy: string): void {
  database.prepare('ATTACH ? AS old').run(copy);
  const tables = database
    .prepare("SELECT name FROM old.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all() as string[];
  const rows = tables.map(
    (table) => `DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM old.${table};`,
  );
  database.exec(`BEGIN IMMEDIATE; ${rows.join(' ')} UPDATE main.log_head SET epoch = 'restored'; COMMIT`);
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { HubClient } from '@minqing-hub/client-sdk';
import type { Actor, Readiness, SeatCard } from '@minqing-hub/client-sdk/protocol';
import { act, newId, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { environmentOf, giveBackDatabaseOf, lentDatabases } from '../support/profile.js';
import { SystemTime } from '../support/system-time.js';
import { tunedCity } from '../support/tuned-city.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
/** Less than a login lasts: whose login ended there would have left before the node does. */
const AHEAD_MINUTES = 50;
const TOKEN_MINUTES = 60;
/** Long enough for a slow machine to renew it in time. */
const LEASE_SECONDS = 8;

type Seated = Pick<Actor, 'userId' | 'seatId'>;

describe('two nodes of which one has its time set', () => {
  let folder: string;
  let city: string;
  let time: SystemTime;
  let wrong: HubProcess;
  let right: HubProcess;
  let database: Connection;
  const consoles: HubClient[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-apart-'));
    city = await tunedCity({ 'node.leaseSeconds': LEASE_SECONDS, 'seat.graceSeconds': 3 });
    time = new SystemTime(join(folder, 'time'));
    const env: Record<string, string> = { ...(await environmentOf(folder, 'cluster')), HUB_CONFIG_DIR: city };
    env.HUB_TOKEN_MINUTES = `${TOKEN_MINUTES}`;
    database = await (await lentDatabases()).server.connection(env.HUB_DATABASE_URL);
    right = await HubProcess.create(env);
    wrong = await HubProcess.create({ ...env, ...time.env });
  });
  afterAll(async () => {
    for (const client of consoles) client.close();
    await wrong?.remove();
    await right?.remove();
    database?.destroy();
    giveBackDatabaseOf(folder);
    for (const one of [folder, city]) await rm(one, { recursive: true, force: true });
  });

  const ask = async <T>(sql: string): Promise<T[]> => (await database.query<RowDataPacket[]>(sql))[0] as T[];
  const readiness = async ({ url }: HubProcess) => (await (await fetch(`${url}/api/health/ready`)).json()) as Readiness;
  const figure = async ({ url }: HubProcess, name: string) =>
    Number(new RegExp(`^${name} (.+)$`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1]);
  const open = async ({ url }: HubProcess, username: string) => {
    const client = await openConsole(url, username);
    consoles.push(client);
    return client;
  };

  const sitDown = async (hub: HubProcess, username: string): Promise<Seated> => {
    const seat = await open(hub, username);
    const { userId, seatId } = seat.session!.actor;
    await openRoom(seat, `seat:${seatId}`);
    await act(seat, 'setPresence', { presence: 'ready' });
    return { userId, seatId };
  };

  it('[LD9] lets none start whose time is far from the database’s', async () => {
    time.jump(AHEAD_MINUTES * MINUTE);
    await expect(wrong.start()).rejects.toThrow(/ended with 2:[^]*本机时间比数据库快 3000 秒/);
    time.jump(-AHEAD_MINUTES * MINUTE);
  });

  it('[LD9] [PS4] names it, and neither frees the other’s seats by it nor holds up its reactions when it is killed', async () => {
    // It has the duty to follow the log up.
    await wrong.start();
    await right.start();
    const leader = await open(right, 'leader01');
    const floor = await openRoom(leader, 'floor');
    const [stays, goes] = await Promise.all([sitDown(right, 'agent001'), sitDown(wrong, 'agent002')]);
    const presence = ({ seatId }: Seated) => (floor.cards.get(`seat:${seatId}`) as SeatCard | undefined)?.presence;
    await until('both to be there', () => [stays, goes].every((seat) => presence(seat) === 'ready'));

    time.jump(AHEAD_MINUTES * MINUTE);
    await until('it to be named', async () => {
      const { status, degraded } = await readiness(wrong);
      return status === 'ready' && degraded.includes('time.apart');
    });
    const { troubles } = await readiness(wrong);
    expect(troubles.find(({ part }) => part === 'time.apart')!.sentence).toContain('快 3000 秒');
    expect(Math.round((await figure(wrong, 'hub_time_ahead_seconds')) / 60)).toBe(AHEAD_MINUTES);
    expect((await readiness(right)).degraded).not.toContain('time.apart');

    // Through beats of both, nobody frees the sockets of the one that is right.
    const held: number[] = [];
    const leases = () => ask<{ until: number }>('SELECT lease_until AS until FROM hub_node ORDER BY node_id');
    const before = await leases();
    await until('both to have renewed their leases', async () => {
      held.push((await ask(`SELECT node_id FROM seat_socket WHERE user_id = '${stays.userId}'`)).length);
      const now = await leases();
      return now.length === 2 && now.every(({ until }, at) => until > before[at]!.until + (LEASE_SECONDS * 1_000) / 2);
    });
    expect(new Set(held)).toEqual(new Set([1]));

    const begun = performance.now();
    await wrong.kill();
    const agent = await open(right, 'agent050');
    const { orderNo } = await act(agent, 'register', { ...newRequest(), source: 'app', sourceId: newId() });
    const [{ seq }] = (await ask<{ seq: number }>(
      `SELECT MAX(p.seq) AS seq FROM event_place p JOIN event e ON e.id = p.event_row WHERE e.subject = 'order:${orderNo}'`,
    )) as [{ seq: number }];
    const behind = `SELECT name FROM consumer WHERE seq < ${seq}`;
    await until('the other node to follow the log up', async () => (await ask(behind)).length === 0);
    await until('its seat to be free', () => presence(goes) === 'offline');
    // Not as much later as it was ahead. On a slow machine it takes longer than the 10 seconds that it should.
    expect(performance.now() - begun).toBeLessThan(40_000);
    expect(presence(stays)).toBe('ready');
    expect(await right.stop()).toBe(0);
  }, 120_000);
});

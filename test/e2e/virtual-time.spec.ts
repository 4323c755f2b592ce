import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubClient } from '@minqing-hub/client-sdk';
import { Clock } from '../../src/config/clock.js';
import { ConfigurationFault } from '../../src/config/configuration-fault.js';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { act, itemOf, newRequest, openConsole, openRoom, openSocket } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

const DAY_SECONDS = 86_400;

describe('a hub whose time is virtual', () => {
  let hub: TestHub;
  let admin: Caller;
  let dataDir: string;
  const consoles: HubClient[] = [];
  const start = () => startHub({ dataDir, env: { HUB_CLOCK: 'virtual' } });

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'hub-test-'));
    hub = await start();
    admin = await Caller.login(hub.url, 'admin');
  });
  afterEach(async () => {
    for (const client of consoles.splice(0)) client.close();
    await hub.stop({ keep: true });
    await rm(dataDir, { recursive: true, force: true });
  });

  const open = async (username: string): Promise<HubClient> => {
    const client = await openConsole(hub.url, username);
    consoles.push(client);
    return client;
  };
  const now = () => hub.app.get(Clock).now();
  const told = () =>
    hub.app.get(ReadModel).run(async (tx) => {
      const rows = await tx.all<{ data: string }>(`SELECT data FROM event WHERE type = 'time.advanced' ORDER BY id`);
      return rows.map(({ data }) => JSON.parse(data) as object);
    });

  it('[CK8] [QS5] lets an offer end without anybody waiting for it', async () => {
    const [agent, leader] = [await open('agent001'), await open('leader01')];
    const queue = await openRoom(leader, 'queue:register');
    const { orderNo } = await act(agent, 'register', newRequest());
    await act(agent, 'setPresence', { presence: 'ready' });
    await until('the offer', () => itemOf(queue, orderNo)?.state === 'offered');
    const { offerEndsAt } = itemOf(queue, orderNo)!;

    const answered = await admin.act('advanceTime', { seconds: 20 });
    expect(answered.now).toBeGreaterThan(offerEndsAt!);
    await until('the offer to end', () => itemOf(queue, orderNo)?.offerEndsAt !== offerEndsAt, 5_000);
    await until('the next offer, to the only seat', () => (itemOf(queue, orderNo)?.offerEndsAt ?? 0) > offerEndsAt!);
    await until('the console to know the time', () => leader.hubNow() >= answered.now, 2_000);
  });

  it('[CK8] tells every move, and does not go back over a restart', async () => {
    const before = now();
    await admin.act('advanceTime', { seconds: 30 * DAY_SECONDS });
    await admin.act('advanceTime', { seconds: 5 });
    await until('the time to have moved', () => now() >= before + (30 * DAY_SECONDS + 5) * 1000);
    expect(await told()).toEqual([
      { seconds: 30 * DAY_SECONDS, aheadMs: 30 * DAY_SECONDS * 1000 },
      { seconds: 5, aheadMs: (30 * DAY_SECONDS + 5) * 1000 },
    ]);
    const last = now();
    await hub.stop({ keep: true });
    hub = await start();
    expect(now()).toBeGreaterThanOrEqual(last);
  });

  it('[CK8] keeps those logged in who were, with their sockets', async () => {
    const agent = await open('agent001');
    const queue = await openRoom(agent, 'queue:register');
    const cuts: string[] = [];
    agent.onConnection((connection) => void (connection === 'offline' && cuts.push(connection)));
    const before = now();
    await admin.act('advanceTime', { seconds: 400 * DAY_SECONDS });
    await until('the time to have moved', () => now() >= before + 400 * DAY_SECONDS * 1000);
    expect((await admin.get('/api/orders')).status).toBe(200);
    const { body } = await admin.post('/api/auth/refresh', {});
    expect(body.expiresAt).toBeGreaterThan(now());
    expect(body.expiresAt).toBeLessThan(now() + 3_600_000);
    const socket = await openSocket(hub.url, body.token as string);
    const renewed = (await socket.emitWithAck('renew', { token: body.token })) as { expiresAt: number };
    socket.close();
    expect(renewed.expiresAt).toBeGreaterThan(now());

    await act(agent, 'register', newRequest());
    await until('the console to hear of it', () => queue.cards.size === 1);
    expect({ session: agent.session !== null, cuts }).toEqual({ session: true, cuts: [] });
  });

  it('[CK8] [I7] moves once for one command, also when the move was so long that its answer is forgotten', async () => {
    const move = { name: 'advanceTime', commandId: randomUUID(), payload: { seconds: 8 * DAY_SECONDS } };
    const before = now();
    expect((await admin.post('/api/commands', move)).status).toBe(200);
    await until('the answer to be forgotten', () =>
      hub.app
        .get(ReadModel)
        .run(async (tx) => !(await tx.one('SELECT 1 FROM command WHERE command_id = ?', [move.commandId]))),
    );
    const again = await admin.post('/api/commands', move);
    expect(again.status).toBe(200);
    expect(again.body.result.now).toBeLessThan(before + 9 * DAY_SECONDS * 1000);
    expect(await told()).toHaveLength(1);
  });

  it.each([0, -5, 1.5, 400 * DAY_SECONDS + 1, '60', null])('[CK8] refuses to move by %p', async (seconds) => {
    expect(await admin.refusedTo('advanceTime', { seconds: seconds as number })).toMatchObject({
      code: 'payload_invalid',
      field: 'seconds',
    });
  });

  it('[CK8] is moved by policy administrators only', async () => {
    const agent = await Caller.login(hub.url, 'agent001');
    expect((await agent.refusedTo('advanceTime', { seconds: 60 })).code).toBe('forbidden');
  });

  it('[CK8] has a database that no hub on real time opens once it was moved', async () => {
    await hub.stop({ keep: true });
    const real = await startHub({ dataDir });
    await real.stop({ keep: true });
    hub = await start();
    admin = await Caller.login(hub.url, 'admin');
    await admin.act('advanceTime', { seconds: 60 });
    await hub.stop({ keep: true });
    await expect(startHub({ dataDir })).rejects.toThrow(ConfigurationFault);
    hub = await start();
  });
});

describe('a hub on real time', () => {
  it('[CK8] refuses to move it', async () => {
    const hub = await startHub();
    const admin = await Caller.login(hub.url, 'admin');
    expect(await admin.refusedTo('advanceTime', { seconds: 60 })).toMatchObject({
      status: 409,
      code: 'clock_not_virtual',
      clause: 'CK8',
    });
    await hub.stop();
  });
});

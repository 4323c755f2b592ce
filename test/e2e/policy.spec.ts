import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubClient } from '@minqing-hub/client-sdk';
import type { PolicyCard, PolicyDetail, PolicyHistoryEntry } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../../src/config/clock.js';
import { Policy } from '../../src/config/policy.js';
import { POLICY_KEYS } from '../../src/config/policy-keys.js';
import { Settings } from '../../src/config/settings.js';
import { verifyLog } from '../../src/event-log/verify-log.js';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { act, expectSameAsFresh, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

const HOUR_MS = 3_600_000;

describe('the policy of a hub', () => {
  let hub: TestHub;
  let dataDir: string;
  let admin: Caller;
  const consoles: HubClient[] = [];

  const start = async () => {
    hub = await startHub({ dataDir, env: { HUB_CLOCK: 'virtual' } });
    admin = await Caller.login(hub.url, 'admin');
  };
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'hub-test-'));
    await start();
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
  const in1Hour = () => new Date(now() + HOUR_MS).toISOString();
  const set = (key: string, value: number | string, more: { effectiveAt?: string } = {}) =>
    admin.act('changePolicy', { key, value, reason: '试行', ...more });
  const holds = (key: 'dispatch.limit.urgent' | 'offer.seconds') => hub.app.get(Policy).number(key);
  const history = async (who: Caller, key: string) => who.get<PolicyHistoryEntry[]>(`/api/policy/${key}/history`);
  const findings = async () => (await verifyLog(hub.app.get(ReadModel), hub.app.get(Settings).secrets.auditKey)).first;

  it('[PC7] is seen whole by every console of the house, and each change at once', async () => {
    const [agent, overseer] = [await open('agent001'), await open('supervisor01')];
    const rooms = [await openRoom(agent, 'policy'), await openRoom(overseer, 'policy')];
    expect([...rooms[0]!.cards.keys()].sort()).toEqual(
      Object.keys(POLICY_KEYS)
        .map((key) => `policy:${key}`)
        .sort(),
    );
    const shown = (i: number) => rooms[i]!.cards.get('policy:offer.seconds') as PolicyCard;
    expect(shown(0)).toMatchObject({ key: 'offer.seconds', value: 15, unit: 's', clause: 'QS5', version: 1 });

    const { changeId, effectiveAt } = await set('offer.seconds', 40, { effectiveAt: in1Hour() });
    await set('offer.seconds', 20);
    for (const i of [0, 1]) {
      await until('the change on the console', () => shown(i).value === 20);
      expect(shown(i)).toMatchObject({ version: 2, planned: [{ changeId, value: 40, unit: 's', effectiveAt }] });
    }
    await expectSameAsFresh(hub.url, 'agent001', rooms[0]!, 'policy');
    await admin.act('withdrawPolicyChange', { changeId, reason: '不再需要' });
    await until('the plan to be gone', () => shown(1).planned.length === 0);
    await expectSameAsFresh(hub.url, 'agent001', rooms[0]!, 'policy');
    expect(await findings()).toEqual([]);
  });

  it('[PC1] [PC6] counts for what comes from now on, without a restart', async () => {
    const agent = await open('agent001');
    const accepted = async () => {
      const { orderNo, version } = await act(agent, 'register', { ...newRequest(), grade: 'urgent' });
      await act(agent, 'accept', { orderNo, expectedVersion: version, noPlace: true });
      const { body } = await admin.get<{ acceptedAt: number; dispatchDueAt: number }>(`/api/orders/${orderNo}`);
      return { orderNo, minutes: (body.dispatchDueAt - body.acceptedAt) / 60_000 };
    };
    const before = await accepted();
    expect(before.minutes).toBe(30);
    await set('dispatch.limit.urgent', 45);
    await until('the node to know', () => holds('dispatch.limit.urgent') === 45);
    expect((await accepted()).minutes).toBe(45);
    const { body } = await admin.get<{ acceptedAt: number; dispatchDueAt: number }>(`/api/orders/${before.orderNo}`);
    expect((body.dispatchDueAt - body.acceptedAt) / 60_000).toBe(30);
  });

  it('[PC3] [PC4] holds over a restart, and what fell due while the hub was off holds when it serves', async () => {
    await set('offer.seconds', 20);
    await set('dispatch.limit.urgent', 45, { effectiveAt: in1Hour() });
    await admin.act('advanceTime', { seconds: 3_600 });
    await until('the plan in force', () => holds('dispatch.limit.urgent') === 45, 5_000);
    const { version } = hub.app.get(Policy);
    // In real time: nothing moves a clock while the hub is off.
    const soon = now() + 1_500;
    await set('dispatch.limit.urgent', 50, { effectiveAt: new Date(soon).toISOString() });
    await hub.stop({ keep: true });
    const due = performance.now() + 1_500;
    await until('its time to have come', () => performance.now() > due);
    await start();
    expect([holds('offer.seconds'), holds('dispatch.limit.urgent')]).toEqual([20, 50]);
    expect(hub.app.get(Policy).version).toBe(version + 1);
    const { body } = await history(admin, 'dispatch.limit.urgent');
    expect(body.map(({ value, state, setBy }) => [value, state, setBy])).toEqual([
      [50, 'in_force', 'admin'],
      [45, 'past', 'admin'],
      [30, 'past', 'system'],
    ]);
    expect(body[0]).toMatchObject({ effectiveAt: soon, before: { value: 45, unit: 'min' } });
    expect(await findings()).toEqual([]);
  });

  it('[PC5] is read by everybody, its history by who watches over it', async () => {
    await set('offer.seconds', 20);
    const agent = await Caller.login(hub.url, 'agent001');
    const { status, body } = await agent.get<PolicyDetail[]>('/api/policy');
    expect(status).toBe(200);
    expect(body.map(({ key }) => key)).toEqual(Object.keys(POLICY_KEYS).sort());
    expect(body.find(({ key }) => key === 'offer.seconds')).toMatchObject({
      ...{ value: 20, default: 15, unit: 's', clause: 'QS5', version: 2, planned: [] },
      form: { kind: 'number', min: 1, max: 600, whole: true },
    });
    expect(JSON.stringify(body)).not.toContain('试行');
    expect((await Caller.stranger(hub.url).get('/api/policy')).status).toBe(401);
    expect((await history(agent, 'offer.seconds')).status).toBe(403);
    for (const name of ['admin', 'auditor01', 'supervisor01']) {
      const { body: entries } = await history(await Caller.login(hub.url, name), 'offer.seconds');
      expect(entries[0]).toMatchObject({ value: 20, setBy: 'admin', reason: '试行' });
    }
    expect(await history(admin, 'offer.second')).toMatchObject({
      status: 404,
      body: { code: 'policy_key_unknown', message: '没有这项政策，是否指 offer.seconds' },
    });
  });

  it('[PC2] refuses what may not be, with field and clause, and to everybody but its administrators', async () => {
    const change = { key: 'dispatch.limit.urgent', value: -5, reason: '试行' };
    expect(await admin.refusedTo('changePolicy', change)).toMatchObject({
      ...{ status: 422, code: 'policy_value_invalid', field: 'value', clause: 'DI2' },
      message: '政策 dispatch.limit.urgent 应为 1 到 43200 的整数',
    });
    const basis = { key: 'handling.limit.resolution', value: 15, unit: 'lunar', reason: '试行' };
    expect(await admin.refusedTo('changePolicy', basis)).toMatchObject({ status: 422, field: 'unit' });
    const leader = await Caller.login(hub.url, 'leader01');
    expect(await leader.refusedTo('changePolicy', change)).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('[I7] [PC4] is changed once by a command that is sent twice', async () => {
    const call = {
      name: 'changePolicy',
      commandId: randomUUID(),
      payload: { key: 'offer.seconds', value: 20, reason: '试行' },
    };
    const first = await admin.post('/api/commands', call);
    expect((await admin.post('/api/commands', call)).body).toEqual(first.body);
    expect((await history(admin, 'offer.seconds')).body).toHaveLength(2);
  });
});

import { randomUUID } from 'node:crypto';
import { behindItsBack } from '../support/behind-its-back.js';
import { placeOf } from '../support/profile.js';
import type { HubError } from '@minqing-hub/client-sdk/protocol';
import { Caller } from '../support/caller.js';
import { HubProcess } from '../support/hub-process.js';
import { RedisProcess } from '../support/redis-process.js';
import { until } from '../support/until.js';

const ADMIN_PASSWORD = 'first-opens-2026';
const AGENT_PASSWORD = 'seat-opens-2026';
const GATEWAY_SECRET = 'gateway-secret-2026';
const REDIS_PASSWORD = 'redis-opens-2026';
const PERSON = { name: '欧阳不在日志', phone: '13912345678' };
const FREE_TEXT = '楼下烧烤油烟扰民';

/** What may stand in no line, however it came to the hub. */
const NEVER = [
  ADMIN_PASSWORD,
  AGENT_PASSWORD,
  GATEWAY_SECRET,
  REDIS_PASSWORD,
  PERSON.name,
  PERSON.phone,
  FREE_TEXT,
  '话务员甲',
  'Bearer ey',
];

type Line = Record<string, unknown> & { level: string; msg: string };

describe('the log of a hub in production', () => {
  let redis: RedisProcess;
  let hub: HubProcess;
  let agent: Caller;
  beforeAll(async () => {
    redis = await RedisProcess.started({ password: REDIS_PASSWORD });
    hub = await HubProcess.create({
      NODE_ENV: 'production',
      HUB_LOG_LEVEL: 'debug',
      HUB_FIRST_ADMIN_PASSWORD: ADMIN_PASSWORD,
      HUB_CITIZEN_GATEWAY_URL: 'https://127.0.0.1:9/notices',
      HUB_CITIZEN_GATEWAY_SECRET: GATEWAY_SECRET,
      HUB_ALARMS: 'bull',
      HUB_REDIS_URL: redis.url,
    });
    await hub.start();
    const admin = await login('admin', ADMIN_PASSWORD);
    await imported(admin, 'units', 'unitId,name,type,level,parentId\nQ,区政府,government,district,\n');
    const users = `username,name,roles,unitId,seatId,password\nagent1,话务员甲,agent,,001,${AGENT_PASSWORD}\n`;
    await imported(admin, 'users', users);
    agent = await login('agent1', AGENT_PASSWORD);
  });
  afterAll(async () => {
    await hub.remove();
    await redis.remove();
  });

  async function login(username: string, password: string): Promise<Caller> {
    const { body } = await Caller.stranger(hub.url).post('/api/auth/login', { username, password });
    return Caller.withToken(hub.url, body.token as string);
  }

  async function imported(admin: Caller, list: string, csv: string): Promise<void> {
    const { body } = await admin.send('POST', `/api/lists/${list}/import`, csv, 'text/csv');
    expect(body).toMatchObject({ status: 'activated' });
  }

  const lines = () =>
    hub.printed
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  const lineOf = async (commandId: string): Promise<Line> => {
    await until('the command to be told', () => lines().some((line) => line.commandId === commandId));
    return lines().find((line) => line.commandId === commandId)!;
  };
  const issue = async (name: string, payload: object) => {
    const commandId = randomUUID();
    const { body } = await agent.post('/api/commands', { name, commandId, payload });
    return { commandId, body, line: await lineOf(commandId) };
  };
  const request = (n: number) => ({
    channel: '12345',
    title: FREE_TEXT,
    text: FREE_TEXT,
    kind: 'resolution',
    grade: 'fast',
    requester: PERSON,
    source: 'app',
    sourceId: `s-${n}`,
  });

  it('[SI1] tells of a command who, which, about what, how it ended and how long it took', async () => {
    const { commandId, body, line } = await issue('register', request(1));
    expect(line).toEqual({
      level: 'debug',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      host: expect.any(String),
      pid: expect.any(Number),
      node: expect.stringMatching(/^[\da-f-]{36}$/),
      context: 'CommandBus',
      msg: 'carried out',
      command: 'register',
      commandId,
      actorId: 'agent1',
      orderNo: body.result.orderNo,
      outcome: 'ok',
      ms: expect.any(Number),
    });
  });

  it('[SI1] tells a refusal by its code and clause, and not what stood in place of an order number', async () => {
    const { line } = await issue('accept', { orderNo: PERSON.phone, expectedVersion: 1 });
    expect(line).toMatchObject({ level: 'info', msg: 'refused', command: 'accept', actorId: 'agent1' });
    expect(line).not.toHaveProperty('orderNo');
    expect(line.outcome).not.toBe('ok');
    const { line: strange } = await issue(PERSON.name, {});
    expect(strange).toMatchObject({ command: 'unknown', outcome: 'unknown_command' });
  });

  it('[SI1] tells a fault with the number that its caller was given, and nothing of what was in hand', async () => {
    const { body } = await issue('register', request(2));
    const orderNo = body.result.orderNo as string;
    const spoilt = `UPDATE work_order SET body = '${PERSON.name}${PERSON.phone}' WHERE order_no = '${orderNo}'`;
    await behindItsBack(placeOf(hub.dataDir), spoilt);
    const failed = await issue('accept', { orderNo, expectedVersion: 1 });
    const { incident } = failed.body as HubError;
    expect(failed.line).toMatchObject({ level: 'error', msg: 'failed', orderNo, incident, outcome: 'internal' });
    expect((failed.line.err as { stack: string }).stack).toContain('*** is not valid JSON');
  });

  it('[SI1] tells who was kept out, by the route and never by what was asked', async () => {
    await Caller.stranger(hub.url).post('/api/auth/login', { username: PERSON.phone, password: 'not that one' });
    await Caller.stranger(hub.url).get(`/api/orders/${PERSON.phone}?q=${encodeURIComponent(PERSON.name)}`);
    const kept = () => lines().filter(({ context, status }) => context === 'Http' && status === 401);
    await until('both to be told', () => kept().length === 2);
    expect(kept()).toMatchObject([
      { level: 'info', method: 'POST', route: '/api/auth/login' },
      { level: 'info', method: 'GET', route: expect.stringMatching(/^\/api\/orders\/:/) },
    ]);
  });

  it('[SI1] [AL3] is JSON line by line to the end, without a name, a phone, a text, a password or a secret', async () => {
    await redis.kill();
    await until('the loss to be told', () => lines().some(({ msg }) => msg.startsWith('Redis does not serve')));
    expect(await hub.stop()).toBe(0);
    const all = lines();
    expect(all.find(({ msg }) => msg.startsWith('民情枢纽已就绪'))).toMatchObject({ level: 'info' });
    for (const line of all) {
      expect(['debug', 'info', 'warn', 'error']).toContain(line.level);
      expect(typeof line.msg).toBe('string');
    }
    expect(NEVER.filter((text) => hub.printed.includes(text))).toEqual([]);
  });
});

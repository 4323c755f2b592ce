import { HubClient } from '@minqing-hub/client-sdk';
import type { HubError } from '@minqing-hub/client-sdk/protocol';
import { Caller } from '../support/caller.js';
import { act, newId, newRequest, openConsole, openSocket, PASSWORD } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

describe('a hub with low limits', () => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHub({
      policy: {
        'rate.commands.perSecond': 2,
        'rate.commands.burst': 10,
        'rate.intake.perSecond': 1,
        'rate.intake.burst': 10,
        'rate.login.perSecond': 5,
        'rate.login.burst': 20,
        'admission.perSecond': 10,
        'admission.burst': 10,
      },
    });
  });
  afterAll(() => hub.stop());

  it('[LD4] refuses an actor’s commands beyond the burst, on the socket and over HTTP, and tells when to come', async () => {
    const console = await openConsole(hub.url, 'agent001');
    const { token } = console.session!;
    const socket = await openSocket(hub.url, token);
    const answers: { ok: boolean; error?: HubError }[] = [];
    for (let n = 0; n < 30; n++) {
      const call = { name: 'register', commandId: newId(), payload: newRequest(n) };
      answers.push((await socket.emitWithAck('command', call)) as { ok: boolean });
    }
    const refused = answers.filter(({ ok }) => !ok);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.error).toMatchObject({ code: 'too_many_requests', clause: 'LD4' });
    expect(refused[0]!.error!.retryAfterMs).toBeGreaterThan(0);

    const caller = Caller.withToken(hub.url, token);
    const call = { name: 'register', commandId: newId(), payload: newRequest(99) };
    const response = await caller.open('POST', '/api/commands', JSON.stringify(call), 'application/json');
    expect([response.status, Number(response.headers.get('retry-after'))]).toEqual([429, 1]);
    expect(await response.json()).toMatchObject({ code: 'too_many_requests' });
    // Others have their own; and who is told to wait comes through, with the same id.
    const other = await openConsole(hub.url, 'agent002');
    await act(other, 'register', newRequest(1));
    await act(console, 'register', newRequest(100));
    for (const client of [console, other]) client.close();
    socket.disconnect();
  });

  it('[LD4] refuses a source’s requests by its key', async () => {
    const admin = await Caller.login(hub.url, 'admin');
    const { apiKey } = await admin.act('createApiKey', { source: 'app', label: '移动端' });
    const source = Caller.withKey(hub.url, apiKey);
    const file = () => source.post('/api/intake/requests', { ...newRequest(), source: 'app', sourceId: newId() });
    const statuses = new Set<number>();
    for (let n = 0; n < 40; n++) statuses.add((await file()).status);
    expect([...statuses].sort()).toEqual([201, 429]);
  });

  it('[LD4] refuses logins of one address, and never what asks how the hub is', async () => {
    const stranger = Caller.stranger(hub.url);
    const login = () => stranger.post('/api/auth/login', { username: 'agent003', password: PASSWORD });
    const statuses = (await Promise.all(Array.from({ length: 60 }, login))).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    const healths = await Promise.all(Array.from({ length: 200 }, () => stranger.get('/api/health/live')));
    expect(new Set(healths.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await stranger.get('/api/health/ready')).status).toBe(200);
  });

  it('[LD3] tells who is one too many when to come, and all of them are in by themselves', async () => {
    const callers = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const client = new HubClient({ url: hub.url });
        await until('the login to be taken', () => client.login(`agent${String(101 + n)}`, PASSWORD));
        return client;
      }),
    );
    const { token } = callers[0]!.session!;
    for (const client of callers) client.cut();
    const refusal = (await openSocketsUntilRefused(hub.url, token)).data;
    expect(refusal).toMatchObject({ code: 'too_many_requests', clause: 'LD3' });
    expect(refusal.retryAfterMs).toBeGreaterThan(0);
    await until('all of them to be in', () => callers.every(({ connection }) => connection === 'live'));
    for (const client of callers) client.close();
  });
});

async function openSocketsUntilRefused(url: string, token: string): Promise<{ data: HubError }> {
  const opened = [];
  try {
    for (;;) opened.push(await openSocket(url, token));
  } catch (refusal) {
    return refusal as { data: HubError };
  } finally {
    for (const socket of opened) socket.disconnect();
  }
}

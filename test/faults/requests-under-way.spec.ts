import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { PASSWORD, newId, newRequest } from '../support/consoles.js';
import { Caller, type Json } from '../support/caller.js';
import { HubProcess } from '../support/hub-process.js';
import { until } from '../support/until.js';

const JSON_TYPE = { 'content-type': 'application/json' };

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Json;
}

/** A request that the hub has begun to answer, and the body of which is still to come. */
interface Begun {
  finish(body: unknown): Promise<Answer>;
  cut: Promise<string | undefined>;
}

describe('requests over HTTP that are under way when the hub is told to end', () => {
  /** Lines stay open, as those of proxies do. */
  let lines: Agent;
  let hub: HubProcess;
  beforeEach(() => (lines = new Agent({ keepAlive: true })));
  afterEach(async () => {
    lines.destroy();
    await hub.remove();
  });

  const start = async (shutdownSeconds: number) => {
    hub = await HubProcess.create({ HUB_SHUTDOWN_SECONDS: String(shutdownSeconds) });
    await hub.start();
  };

  /** The hub says that the body may come once it has the request. */
  async function begin(path: string, headers: Record<string, string>): Promise<Begun> {
    const call = request(`${hub.url}${path}`, {
      method: 'POST',
      agent: lines,
      headers: { ...JSON_TYPE, ...headers, expect: '100-continue' },
    });
    const cut = new Promise<string | undefined>((told) => {
      call.once('error', (error: NodeJS.ErrnoException) => told(error.code));
    });
    const answer = new Promise<Answer>((told, failed) => {
      call.once('response', (response) => {
        const { statusCode: status, headers } = response;
        json(response).then((body) => told({ status, headers, body }), failed);
      });
      call.once('error', failed);
    });
    answer.catch(() => undefined);
    const continued = new Promise((told) => call.once('continue', told));
    call.flushHeaders();
    await continued;
    return {
      cut,
      finish: (body) => {
        call.end(JSON.stringify(body));
        return answer;
      },
    };
  }

  const takesNobodyOn = () =>
    until('the hub to take nobody on', () =>
      fetch(`${hub.url}/api/health/live`).then(
        () => false,
        ({ cause }: { cause?: { code?: string } }) => cause?.code === 'ECONNREFUSED',
      ),
    );

  it('[LD7] are answered: logins, commands, imports; what comes later is refused, and may come again', async () => {
    await start(60);
    const admin = await Caller.login(hub.url, 'admin');
    const agent = await Caller.login(hub.url, 'agent001');
    const early = connect(Number(new URL(hub.url).port), '127.0.0.1');
    const login = await begin('/api/auth/login', {});
    const command = await begin('/api/commands', agent.credentials);
    const list = await begin('/api/lists/catalogue/import', admin.credentials);
    const stopped = hub.stop();
    await takesNobodyOn();

    early.write('GET /api/channels HTTP/1.1\r\nHost: hub\r\n\r\n');
    const refused = await text(early);
    expect(refused).toMatch(/^HTTP\/1\.1 503 /);
    expect(refused).toMatch(/^Retry-After: 1\r$/m);
    expect(refused).toMatch(/^Connection: close\r$/m);
    expect(refused).toContain('"code":"unavailable"');

    const answers = await Promise.all([
      login.finish({ username: 'agent002', password: PASSWORD }),
      command.finish({ name: 'register', commandId: newId(), payload: newRequest() }),
      list.finish([{ code: 'm1', name: '事项一' }]),
    ]);
    expect(answers).toMatchObject([
      { status: 200, headers: { connection: 'close' }, body: { token: expect.any(String) } },
      { status: 200, headers: { connection: 'close' }, body: { ok: true, result: { orderNo: expect.any(String) } } },
      { status: 200, headers: { connection: 'close' }, body: { status: 'activated', rows: 1 } },
    ]);
    expect(await stopped).toBe(0);
  });

  it('[LD7] do not keep it beyond its time when they never end', async () => {
    await start(1);
    const login = await begin('/api/auth/login', {});
    expect(await hub.stop()).toBe(0);
    expect(await login.cut).toBe('ECONNRESET');
  });
});

import { execFile, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type OutgoingHttpHeaders, request as httpRequest, type RequestListener } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HubClient } from '@minqing-hub/client-sdk';
import { io } from 'socket.io-client';
import { argumentsIn, layOut, nginx } from '../../deploy/cluster/nginx.js';
import { type ServerProcess, serverPath } from '../../deploy/cluster/server-process.js';
import { Caller } from '../support/caller.js';
import { act, expectSameAsFresh, newId, newRequest, openConsole, openRoom, orderIn } from '../support/consoles.js';
import { freePort } from '../../simulation/free-port.js';
import { HubProcess } from '../support/hub-process.js';
import { until } from '../support/until.js';

/** The login counts failures per account and address up to this, and refuses the next. */
const FAILURES_PER_PAIR = 10;
/** Lines that mean nothing. */
const BLANK_MEGABYTE = `${' '.repeat(50_000)}\n`.repeat(20);

let folder: string;
let hub: HubProcess;
let proxy: ServerProcess;
let url: string;
let tlsPort: number;
let agent: Caller;
const consoles: HubClient[] = [];
const quiet = () => undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-nginx-'));
  const [port, gone] = [await freePort(), await freePort()];
  tlsPort = await freePort();
  hub = await HubProcess.create({ HUB_TRUSTED_PROXIES: '1' });
  await hub.start();
  // As many as there are nodes, one of them away: nobody is to notice.
  const nodes = [`127.0.0.1:${gone}`, new URL(hub.url).host];
  proxy = await nginx({ folder: join(folder, 'plain'), port, nodes, say: quiet });
  await proxy.start();
  url = `http://127.0.0.1:${port}`;
  agent = await Caller.login(url, 'agent001');
});
afterAll(async () => {
  for (const client of consoles) client.close();
  await proxy?.stop();
  await hub?.remove();
  await rm(folder, { recursive: true, force: true });
});

async function open(username: string): Promise<HubClient> {
  const client = await openConsole(url, username);
  consoles.push(client);
  return client;
}

/** Status and text of a call that says where it comes from and what it says of that itself. */
function call(
  path: string,
  { from, headers, body }: { from: string; headers: OutgoingHttpHeaders; body: string },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sending = httpRequest(`${url}${path}`, { method: 'POST', headers, localAddress: from }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

/** As nginx sees one: it answers, or does not. */
async function openNode(answer: RequestListener): Promise<{ host: string; close: () => void }> {
  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

describe('a hub behind nginx', () => {
  it('serves consoles by WebSocket, pages and calls, and nobody notices that a node is away', async () => {
    const desk = await openRoom(await open('dispatcher01'), 'desk:city');
    const writer = await open('agent003');
    const taken: string[] = [];
    for (let n = 0; n < 20; n++) {
      const { orderNo, version } = await act(writer, 'register', {
        ...newRequest(n),
        source: 'app',
        sourceId: newId(),
      });
      await act(writer, 'accept', { orderNo, expectedVersion: version, noPlace: true });
      taken.push(orderNo);
    }
    for (const orderNo of taken) await until(`${orderNo} to be seen`, () => orderIn(desk, orderNo));
    await expectSameAsFresh(url, 'dispatcher01', desk, 'desk:city');
    for (const orderNo of taken) {
      expect(await agent.get(`/api/orders/${orderNo}`)).toMatchObject({ status: 200, body: { orderNo } });
    }
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<div id="app">');
  });

  it('answers by itself what is too large, in its own words, up to what a socket may hold', async () => {
    const large = { source: 'app', sourceId: newId(), channel: '12345', title: 'x', text: 'x'.repeat(70_000) };
    const refused = await agent.post('/api/intake/requests', large);
    expect(refused).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    const socket = io(url, { auth: { token: agent.credentials.authorization!.slice(7) }, transports: ['websocket'] });
    const answer: unknown = await socket.emitWithAck('command', { name: 'register', text: 'x'.repeat(1_000_000) });
    expect(answer).toMatchObject({ ok: false, error: { code: 'payload_too_large' } });
    socket.close();
  });

  it('streams a batch of any length both ways: the answer to a line is there before the next one is sent', async () => {
    let next: () => void = quiet;
    const line = () => `${JSON.stringify({ ...newRequest(), source: 'app', sourceId: newId() })}\n`;
    const sent = { bytes: 0 };
    async function* slowly(): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < 3; n++) {
        const goOn = new Promise<void>((resolve) => (next = resolve));
        const chunk = Buffer.from(line() + BLANK_MEGABYTE);
        sent.bytes += chunk.length;
        yield chunk;
        await goOn;
      }
    }
    const response = await agent.open('POST', '/api/intake/batch', slowly(), 'application/x-ndjson');
    expect(response.status).toBe(200);
    const answers: string[] = [];
    for await (const chunk of response.body!) {
      answers.push(...Buffer.from(chunk).toString().trim().split('\n'));
      next();
    }
    expect(answers).toHaveLength(3);
    expect(sent.bytes).toBeGreaterThan(3_000_000);
  });

  it('[ID2] counts failed logins of the address that nginx saw, whatever the caller says of itself', async () => {
    let said = 0;
    const tryAs = (from: string) =>
      call('/api/auth/login', {
        from,
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.0.0.${++said}, 10.1.1.${said}` },
        body: JSON.stringify({ username: 'agent009', password: 'not this one' }),
      });
    for (let n = 0; n < FAILURES_PER_PAIR; n++) expect((await tryAs('127.0.0.1')).status).toBe(401);
    expect((await tryAs('127.0.0.1')).status).toBe(429);
    expect((await tryAs('127.0.0.2')).status).toBe(401);
  });

  it('keeps to itself what is said of one node only', async () => {
    expect((await agent.get('/metrics')).status).toBe(404);
  });

  it('a node that stands still is waited for once, and when all were put aside the first that is back serves', async () => {
    let standsStill = true;
    let serves = true;
    const asked = { first: 0, second: 0 };
    const first = await openNode((_request, response) => {
      asked.first += 1;
      if (!standsStill) response.writeHead(503).end();
    });
    const second = await openNode((_request, response) => {
      asked.second += 1;
      response.writeHead(serves ? 200 : 503).end();
    });
    const [port, place] = [await freePort(), join(folder, 'still')];
    const before = await nginx({ folder: place, port, nodes: [first.host, second.host], say: quiet });
    const settings = await readFile(join(place, 'nginx.conf'), 'utf8');
    // With a patience that a test can wait for.
    const hasty = settings.replace(/proxy_read_timeout \d+s/, 'proxy_read_timeout 1s');
    expect(hasty).not.toBe(settings);
    await writeFile(join(place, 'nginx.conf'), hasty);
    await before.start();
    const ask = () => fetch(`http://127.0.0.1:${port}/api/orders?requester=13912345678`);
    for (let n = 0; n < 20; n++) expect((await ask()).status).toBe(200);
    expect(asked).toEqual({ first: 1, second: 20 });

    [standsStill, serves] = [false, false];
    const refused = await ask();
    expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'unavailable' }]);
    serves = true;
    for (let n = 0; n < 10; n++) expect((await ask()).status).toBe(200);
    await before.stop();
    for (const node of [first, second]) node.close();
    // Not even here, where nginx has most to say, does it tell what people searched for.
    const log = await readFile(join(place, 'log'), 'utf8');
    expect(log).toMatch(/ GET \/api\/orders \d+ .* 504, 200$/m);
    expect(log).not.toContain('13912345678');
  });

  it('serves with TLS, and sends whoever comes without it there', async () => {
    const certificates = join(folder, 'certificates');
    await mkdir(certificates);
    await promisify(execFile)('openssl', [
      ...'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext'.split(' '),
      'subjectAltName=DNS:localhost',
      ...['-keyout', join(certificates, 'certificate.key'), '-out', join(certificates, 'certificate.pem')],
    ]);
    const port = await freePort();
    const secure = await nginx({
      folder: join(folder, 'tls'),
      port,
      nodes: [new URL(hub.url).host],
      tls: { port: tlsPort, certificates },
      say: quiet,
    });
    await secure.start();
    const ca = await readFile(join(certificates, 'certificate.pem'), 'utf8');
    const here = `https://localhost:${tlsPort}`;
    const ready = await new Promise<{ status?: number; hsts?: string }>((resolve, reject) => {
      const lookup = { ca, family: 4, headers: { connection: 'close' } };
      httpsRequest(`${here}/api/health/ready`, lookup, (response) => {
        response.resume();
        resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] });
      })
        .on('error', reject)
        .end();
    });
    expect(ready).toEqual({ status: 200, hsts: 'max-age=31536000' });
    const token = agent.credentials.authorization!.slice(7);
    const socket = io(`https://127.0.0.1:${tlsPort}`, {
      auth: { token },
      transports: ['websocket'],
      ca,
      rejectUnauthorized: false,
    });
    const entered: unknown = await socket.emitWithAck('subscribe', { room: 'queue:register' });
    expect(entered).toMatchObject({ ok: true, mode: 'snapshot' });
    socket.close();
    const plain = await fetch(`http://127.0.0.1:${port}/api/health/ready?x=1`, { redirect: 'manual' });
    expect(plain.status).toBe(308);
    expect(plain.headers.get('location')).toBe('https://127.0.0.1/api/health/ready?x=1');
    await secure.stop();
  });

  it('has settings that nginx itself finds right, for many nodes too', async () => {
    const place = join(folder, 'looked-at');
    await layOut({
      folder: place,
      port: await freePort(),
      nodes: Array.from({ length: 9 }, (_, n) => `127.0.0.1:${40_001 + n}`),
      say: quiet,
    });
    const words = openSync(join(place, 'log'), 'w');
    const env = { ...process.env, PATH: serverPath() };
    const { status } = spawnSync('nginx', ['-t', ...argumentsIn(place)], { env, stdio: ['ignore', words, words] });
    closeSync(words);
    const said = await readFile(join(place, 'log'), 'utf8');
    expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('test is successful') });
    expect(said).not.toContain('[warn]');
    expect((await readFile(join(place, 'upstream.conf'), 'utf8')).match(/^ *server /gm)).toHaveLength(2 * 9);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { readHeads } from '../../src/event-log/log-heads.js';
import { act, newId, newRequest, openConsole, openRoom, openSocket } from '../support/consoles.js';
import { startHub } from '../support/hub.js';
import { HubProcess } from '../support/hub-process.js';
import { giveBackDatabaseOf, onEachProfile } from '../support/profile.js';
import { until } from '../support/until.js';

describe('a hub that is told to end', () => {
  it('ends in order although a batch streams on and a console is there', async () => {
    const hub = await HubProcess.create();
    await hub.start();
    const agent = await openConsole(hub.url, 'agent001');
    const room = agent.room('queue:register');
    await room.ready();

    const { token } = agent.session!;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' };
    const batch = request(`${hub.url}/api/intake/batch`, { method: 'POST', headers });
    let answered = 0;
    let cut = false;
    batch.on('response', (response) => {
      response.on('data', (chunk) => (answered += String(chunk).split('\n').length - 1));
      response.on('close', () => (cut = true));
    });
    batch.on('error', () => (cut = true));
    const send = () => batch.write(`${JSON.stringify({ ...newRequest(1), source: 'app', sourceId: newId() })}\n`);
    send();
    send();
    await until('two lines to be answered', () => answered >= 2);

    expect(await hub.stop()).toBe(0);
    await until('the batch to be cut off', () => cut);
    expect(agent.connection).not.toBe('live');
    batch.destroy();

    await hub.start();
    await until('the console to be back by itself', () => agent.connection === 'live' && room.cards.size === 2);
    agent.close();
    await hub.stop();
    await hub.remove();
  });

  it('[LD7] is restarted under load without an error at any console: every command is answered, none twice', async () => {
    const hub = await HubProcess.create({ HUB_SHUTDOWN_SECONDS: '5' });
    await hub.start();
    const { consoles, rooms, connections } = await eightAt(hub);

    const orders: string[] = [];
    let going = true;
    const work = consoles.map(async (console, n) => {
      while (going) orders.push((await act(console, 'register', newRequest(n))).orderNo);
    });
    await until('work to be under way', () => orders.length >= 30);
    expect(await hub.stop()).toBe(0);
    await hub.start();
    const before = orders.length;
    await until('all of them to work again', () => orders.length >= before + 50);
    going = false;
    await Promise.all(work);

    expect(connections).not.toContain('offline');
    expect(new Set(orders).size).toBe(orders.length);
    await until('each order to be there once, and nothing else', () =>
      rooms.every(({ cards }) => cards.size === orders.length),
    );
    for (const console of consoles) console.close();
    await hub.stop();
    await hub.remove();
  });

  it('[LD7] is restarted while consoles only watch, without an error at any of them', async () => {
    const hub = await HubProcess.create({ HUB_SHUTDOWN_SECONDS: '5' });
    await hub.start();
    const { consoles, rooms, connections } = await eightAt(hub);
    const source = await openConsole(hub.url, 'agent009');
    let going = true;
    const work = Array.from({ length: 4 }, async (_, n) => {
      while (going) {
        const request = { ...newRequest(n), source: 'app', sourceId: newId() };
        await source.http.post('/api/intake/requests', request).catch(() => (going = false));
      }
    });
    await until('requests to come in', () => rooms.every(({ cards }) => cards.size >= 10));
    expect(await hub.stop()).toBe(0);
    await hub.start();
    await Promise.all(work);
    await until('all to be live again', () => consoles.every(({ connection }) => connection === 'live'));
    expect(connections).not.toContain('offline');
    for (const console of [...consoles, source]) console.close();
    await hub.stop();
    await hub.remove();
  });

  onEachProfile((profile) => {
    it('[I8] writes down where its log ends', async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'hub-shutdown-'));
      const hub = await startHub({ dataDir, profile });
      const agent = await openConsole(hub.url, 'agent001');
      await act(agent, 'register', newRequest());
      agent.close();
      const before = readHeads(dataDir);
      await hub.stop();
      const [atEnd] = readHeads(dataDir).slice(before.length);
      expect(atEnd?.seq).toBeGreaterThan(before.at(-1)!.seq);
      giveBackDatabaseOf(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    });
  });

  it('[FL11] tells each console another time to come back at', async () => {
    const hub = await startHub({ policy: { 'goaway.spreadSeconds': 60 } });
    const session = await login(hub.url);
    const sockets = await Promise.all(Array.from({ length: 12 }, () => openSocket(hub.url, session)));
    const waits = sockets.map(
      (socket) =>
        new Promise<number>((told) =>
          socket.once('goaway', (call: { retryAfterMs: number }) => told(call.retryAfterMs)),
        ),
    );
    const [told] = await Promise.all([Promise.all(waits), hub.stop()]);
    for (const wait of told) expect(wait).toBeGreaterThanOrEqual(500);
    for (const wait of told) expect(wait).toBeLessThan(60_500);
    expect(new Set(told).size).toBeGreaterThan(6);
    for (const socket of sockets) socket.disconnect();
  });

  it('[LD7] tells who comes in at the last moment to go, too', async () => {
    const hub = await startHub();
    const token = await login(hub.url);
    let refused = false;
    const newcomer = () => {
      const story: string[] = [];
      const socket = io(hub.url, { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true });
      for (const event of ['connect', 'goaway', 'connect_error']) socket.on(event, () => story.push(event));
      socket.on('connect_error', () => (refused = true));
      const ended = new Promise<void>((resolve) => {
        socket.on('connect_error', () => resolve());
        socket.on('disconnect', () => resolve());
      });
      return { story, ended };
    };
    const stories = Array.from({ length: 40 }, newcomer);
    await until('the first to be let in', () => stories.some(({ story }) => story.includes('connect')));
    const stopped = hub.stop();
    while (!refused) {
      stories.push(newcomer());
      await new Promise((soon) => setImmediate(soon));
    }
    await stopped;
    await Promise.all(stories.map(({ ended }) => ended));
    for (const { story } of stories) {
      if (story.includes('connect')) expect(story).toEqual(['connect', 'goaway']);
    }
  });
});

/** Consoles that see the queue, and all that their connections have been since. */
async function eightAt({ url }: HubProcess) {
  const consoles = await Promise.all(Array.from({ length: 8 }, (_, n) => openConsole(url, `agent00${n + 1}`)));
  const rooms = await Promise.all(consoles.map((console) => openRoom(console, 'queue:register')));
  const connections = new Set<string>();
  for (const console of consoles) console.onConnection((connection) => connections.add(connection));
  return { consoles, rooms, connections };
}

async function login(url: string): Promise<string> {
  const client = await openConsole(url, 'agent001');
  const { token } = client.session!;
  client.close();
  return token;
}

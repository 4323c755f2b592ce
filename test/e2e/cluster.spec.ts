import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { HubClient, RoomHandle } from '@minqing-hub/client-sdk';
import type { Readiness } from '@minqing-hub/client-sdk/protocol';
import { Caller } from '../support/caller.js';
import {
  act,
  expectSameAsFresh,
  itemOf,
  newId,
  newRequest,
  openConsole,
  openRoom,
  orderIn,
} from '../support/consoles.js';
import { pace } from '../support/pace.js';
import { tunedCity } from '../support/tuned-city.js';
import { until } from '../support/until.js';

const STARTS_WITHIN_MS = 150_000;

/** `npm run cluster` as somebody sees it. */
let program: ChildProcess;
let words = '';
let ended: Promise<number | null>;
/** nginx, and behind it the nodes. */
let url: string;
let nodes: { url: string; pid: number }[];
let city: string;
const consoles: HubClient[] = [];

beforeAll(async () => {
  // Consoles that are sent elsewhere are there soon.
  city = await tunedCity({ 'goaway.spreadSeconds': 1 });
  program = spawn(process.execPath, ['--enable-source-maps', 'dist/deploy/cluster/cluster.js', '--nodes', '2'], {
    env: { ...process.env, HUB_PASSWORD_COST: '14', HUB_LOG_LEVEL: 'warn', HUB_CONFIG_DIR: city },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [program.stdout!, program.stderr!]) stream.on('data', (chunk) => (words += String(chunk)));
  ended = new Promise((resolve) => program.once('exit', resolve));
  await until(
    'the cluster to be ready',
    () => {
      if (program.exitCode !== null) throw new Error(words);
      return /已就绪：(\S+)/.test(words);
    },
    STARTS_WITHIN_MS,
  );
  url = /已就绪：(\S+)/.exec(words)![1]!;
  nodes = [...words.matchAll(/(http:\S+) \(process (\d+)\)/g)].map(([, at, pid]) => ({ url: at!, pid: Number(pid) }));
}, STARTS_WITHIN_MS + 10_000);
afterAll(async () => {
  for (const client of consoles) client.close();
  program.kill('SIGTERM');
  await ended;
  await rm(city, { recursive: true, force: true });
}, 60_000);

/** What the cluster has started, by the name of the program, as it runs now. */
const processes = (name: string): number[] =>
  execFileSync('pgrep', ['-P', String(program.pid), name], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);

const environmentOf = (pid: number): Record<string, string> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

/** A node that was started again is another process. */
const processOf = (at: string): number =>
  processes('node').find((pid) => environmentOf(pid).HUB_PORT === new URL(at).port)!;

const readiness = async (at: string) => (await (await fetch(`${at}/api/health/ready`)).json()) as Readiness;

async function figure(at: string, line: string): Promise<number> {
  const text = await (await fetch(`${at}/metrics`)).text();
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  if (found === undefined) throw new Error(`no figure ${line}`);
  return Number(found.slice(line.length));
}

interface Place {
  agent: HubClient;
  /** As a dispatcher sees the desk there. */
  desk: RoomHandle;
}

async function openAt(at: string, nth: number): Promise<Place> {
  const [agent, dispatcher] = [await openConsole(at, `agent00${nth}`), await openConsole(at, `dispatcher0${nth}`)];
  consoles.push(agent, dispatcher);
  return { agent, desk: await openRoom(dispatcher, 'desk:city') };
}

async function register({ agent }: Place): Promise<string> {
  const { orderNo, version } = await act(agent, 'register', request());
  await act(agent, 'accept', { orderNo, expectedVersion: version, noPlace: true });
  return orderNo;
}

const request = () => ({ ...newRequest(), source: 'app', sourceId: newId() });

/** How long after the answer the last of all nodes ends what somebody sees no more, ms. */
async function revocationOf(userId: string): Promise<number> {
  const admin = await openConsole(nodes[0]!.url, 'admin');
  const theirs = await Promise.all(nodes.map(({ url: at }) => openConsole(at, userId)));
  consoles.push(admin, ...theirs);
  const rooms = await Promise.all(theirs.map((one) => openRoom(one, 'queue:register')));
  await act(admin, 'changeRights', { userId, roles: ['auditor'], unitId: null });
  const answered = performance.now();
  await until('the room to be revoked everywhere', () => rooms.every(({ state }) => state === 'revoked'));
  return performance.now() - answered;
}

describe('npm run cluster', () => {
  it('[I3] shows consoles on every node what is done at any of them, also when a node is killed meanwhile', async () => {
    const [first, second] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
    const places = [await openAt(first.url, 1), await openAt(second.url, 2), await openAt(url, 3)] as const;
    const seenEverywhere = async (orderNo: string) => {
      for (const { desk } of places) await until(`${orderNo} to be seen`, () => orderIn(desk, orderNo), 30_000);
    };
    for (const place of places) await seenEverywhere(await register(place));

    // Requests go on through nginx while nodes die and come back: each is taken, and nobody has to ask again.
    const city = await Caller.login(url, 'agent004');
    const taken: string[] = [];
    let goOn = true;
    const flow = (async () => {
      while (goOn) {
        const { status, body } = await city.post('/api/intake/requests', request());
        expect({ status, code: body.code }).toEqual({ status: 201, code: undefined });
        taken.push(body.orderNo);
      }
    })();
    let broken: unknown;
    flow.catch((error: unknown) => (broken = error));
    const before = taken.length;
    process.kill(second.pid, 'SIGKILL');
    await until('hub-2 to be started again', () => words.includes('hub-2 ended'), 30_000);
    await until('requests to be taken without it', () => broken !== undefined || taken.length > before + 5, 30_000);
    expect(broken).toBeUndefined();
    await until('it to serve again', async () => (await fetch(`${second.url}/api/health/ready`)).ok, 60_000);
    goOn = false;
    await flow;
    for (const place of places) await seenEverywhere(await register(place));
    for (const node of nodes) {
      const there = await Caller.login(node.url, 'agent004');
      for (const orderNo of taken) expect((await there.get(`/api/orders/${orderNo}`)).status).toBe(200);
    }
    await expectSameAsFresh(second.url, 'dispatcher01', places[0].desk, 'desk:city');
    await expectSameAsFresh(first.url, 'dispatcher02', places[1].desk, 'desk:city');
  }, 180_000);

  it('[LD7] is restarted node by node under a steady flow, without an error at any console and with nothing lost', async () => {
    const room = 'queue:register';
    const places = await Promise.all([10, 11, 12, 13].map((nth) => openConsole(url, `agent0${nth}`)));
    consoles.push(...places);
    const rooms = await Promise.all(places.map((place) => openRoom(place, room)));
    const seen = new Set<string>();
    for (const place of places) place.onConnection((connection) => seen.add(connection));
    const registered: string[] = [];
    let goOn = true;
    const flow = places.map(async (place) => {
      while (goOn) {
        registered.push((await act(place, 'register', request())).orderNo);
        await pace(50);
      }
    });
    let broken: unknown;
    for (const one of flow) one.catch((error: unknown) => (broken = error));

    for (const { url: at } of nodes) {
      const [before, ended] = [processOf(at), registered.length];
      process.kill(before, 'SIGTERM');
      await until(
        'it to serve again',
        async () => processOf(at) !== before && (await readiness(at)).status === 'ready',
        60_000,
      );
      await until('work to go on', () => broken !== undefined || registered.length > ended + 20, 30_000);
    }
    goOn = false;
    await Promise.all(flow);
    expect(seen).not.toContain('offline');
    expect(new Set(registered).size).toBe(registered.length);
    await until('each console to have all of it', () =>
      rooms.every((one) => registered.every((orderNo) => itemOf(one, orderNo))),
    );
    await expectSameAsFresh(url, 'agent010', rooms[0]!, room);
  }, 180_000);

  it('[I6] takes a right away on all nodes within a second', async () => {
    expect(await revocationOf('agent020')).toBeLessThan(1_000);
  });

  it('[SI2] [SI3] [I6] tells of its pools, of what waits for a place, and of a Redis that carries no words, which holds up no loss of rights', async () => {
    const [first] = nodes as [(typeof nodes)[0]];
    expect(await figure(first.url, 'hub_database_wait_seconds_count{pool="write"}')).toBeGreaterThan(0);
    expect(await figure(first.url, 'hub_database_connections{pool="read"}')).toBeGreaterThan(0);
    const [redis] = processes('redis-server');
    process.kill(redis!, 'SIGSTOP');
    try {
      await until('both nodes to name it', async () => {
        const told = await Promise.all(nodes.map(({ url: at }) => readiness(at)));
        return told.every(({ status, degraded }) => status === 'ready' && degraded.includes('wakeUp.redis'));
      });
      expect(await figure(first.url, 'hub_wake_up_serving')).toBe(0);
      expect(Math.min(await revocationOf('agent021'), await revocationOf('agent022'))).toBeLessThan(1_000);
    } finally {
      process.kill(redis!, 'SIGCONT');
    }
    await until('words to be carried again', async () => (await figure(first.url, 'hub_wake_up_serving')) === 1);
    await until('nothing to wait for a place', async () => (await figure(first.url, 'hub_log_unplaced_events')) === 0);
  }, 60_000);

  it('[I8] is verified while it works: what has no place yet is no fault', async () => {
    const working = await openConsole(url, 'agent014');
    consoles.push(working);
    let goOn = true;
    const flow = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (goOn) await act(working, 'register', request());
      }),
    );
    const env = environmentOf(processOf(nodes[0]!.url));
    try {
      const verifying = promisify(execFile)(process.execPath, ['dist/src/cli/verify-log.js'], { env });
      // With findings it ends with another code, and has said what they are.
      const { stdout } = await verifying.catch((fault: { stdout: string }) => fault);
      expect(stdout).toContain('全部相符');
    } finally {
      goOn = false;
      await flow;
    }
  }, 60_000);

  it('ends in order when it is asked to, and leaves nothing behind', async () => {
    const folder = /folder +(\S+)/.exec(words)![1]!;
    expect(existsSync(folder)).toBe(true);
    for (const client of consoles) client.close();
    program.kill('SIGINT');
    expect(await ended).toBe(0);
    const stopped = [...words.matchAll(/✓ (\S+) stopped/g)].map((found) => found[1]);
    expect(stopped.slice(0, 2).sort()).toEqual(['hub-1', 'hub-2']);
    expect(stopped.slice(2)).toEqual(['nginx', 'Redis', 'MariaDB']);
    expect(words).not.toContain('killed');
    expect(existsSync(folder)).toBe(false);
    for (const { url: at } of nodes) await expect(fetch(at)).rejects.toThrow();
  }, 60_000);
});

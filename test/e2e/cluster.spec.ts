import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { HubClient, RoomHandle } from '@minqing-hub/client-sdk';
import { Caller } from '../support/caller.js';
import { act, expectSameAsFresh, newId, newRequest, openConsole, openRoom, orderIn } from '../support/consoles.js';
import { until } from '../support/until.js';

const STARTS_WITHIN_MS = 150_000;

/** `npm run cluster` as somebody sees it. */
let program: ChildProcess;
let words = '';
let ended: Promise<number | null>;
/** nginx, and behind it the nodes. */
let url: string;
let nodes: { url: string; pid: number }[];
const consoles: HubClient[] = [];

beforeAll(async () => {
  program = spawn(process.execPath, ['--enable-source-maps', 'dist/deploy/cluster/cluster.js', '--nodes', '2'], {
    env: { ...process.env, HUB_PASSWORD_COST: '14', HUB_LOG_LEVEL: 'warn' },
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
}, 60_000);

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

describe('npm run cluster', () => {
  it('[I3] shows consoles on every node what is done at any of them, whichever node is killed meanwhile', async () => {
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
    for (const [n, signal] of [
      [1, 'SIGKILL'],
      [0, 'SIGTERM'],
    ] as const) {
      const before = taken.length;
      process.kill(nodes[n]!.pid, signal);
      await until(`hub-${n + 1} to be started again`, () => words.includes(`hub-${n + 1} ended`), 30_000);
      await until('requests to be taken without it', () => broken !== undefined || taken.length > before + 5, 30_000);
      expect(broken).toBeUndefined();
      await until('it to serve again', async () => (await fetch(`${nodes[n]!.url}/api/health/ready`)).ok, 60_000);
    }
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

  it('ends in order when it is asked to, and leaves nothing behind', async () => {
    const folder = /folder +(\S+)/.exec(words)![1]!;
    expect(existsSync(folder)).toBe(true);
    for (const client of consoles) client.close();
    program.kill('SIGINT');
    expect(await ended).toBe(0);
    const stopped = [...words.matchAll(/✓ (\S+) stopped/g)].map((found) => found[1]);
    expect(stopped).toEqual(['hub-1', 'hub-2', 'nginx', 'Redis', 'MariaDB']);
    expect(words).not.toContain('killed');
    expect(existsSync(folder)).toBe(false);
    for (const { url: at } of nodes) await expect(fetch(at)).rejects.toThrow();
  }, 60_000);
});

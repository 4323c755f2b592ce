/**
 * `npm run cluster`: the hub of `docker-compose.yml` without Docker, with MariaDB, Redis and nginx as Debian has them,
 * in a folder of its own, on ports of loopback. Ctrl-C ends all of it in order.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Fault } from '../../simulation/fault.js';
import { keptSecrets } from '../../src/config/secrets.js';
import { freePort, isFree } from '../../simulation/free-port.js';
import { hubNode } from './hub-node.js';
import { databaseUrl, mariadb } from './mariadb.js';
import { nginx } from './nginx.js';
import { redis, redisUrl } from './redis.js';
import type { ServerProcess } from './server-process.js';

const USAGE = `npm run cluster -- [--nodes N] [--port N] [--dir FOLDER] [--keep]
  --nodes  nodes of the hub, 2 without it, at most 9
  --port   where nginx listens, a free port without it
  --dir    where all data lies, an empty folder or that of an earlier run, which is gone on with; it stays
  --keep   the temporary folder stays, too`;

const MOST_NODES = 9;

interface Options {
  nodes: number;
  port: number | undefined;
  dir: string | undefined;
  keep: boolean;
}

/** `undefined`: they only want to know how it is used. */
function readOptions(args: string[]): Options | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  let values;
  try {
    ({ values } = parseArgs({ args, options: { nodes: text, port: text, dir: text, keep: flag, help: flag } }));
  } catch (error) {
    throw new Fault(`${(error as Error).message}\n\n${USAGE}`);
  }
  if (values.help) return undefined;
  return {
    nodes: whole('nodes', values.nodes ?? '2', MOST_NODES),
    port: values.port === undefined ? undefined : whole('port', values.port, 65_535),
    dir: values.dir === undefined ? undefined : resolve(values.dir),
    keep: values.keep === true || values.dir !== undefined,
  };
}

function whole(name: string, text: string, most: number): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > most) {
    throw new Fault(`--${name} is a whole number from 1 to ${most}\n\n${USAGE}`);
  }
  return Number(text);
}

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
const newPassword = (): string => randomBytes(24).toString('hex');

/** What runs, in the order in which it was started. */
const running: ServerProcess[] = [];
const ending = new AbortController();

/** Before anything is begun. */
async function needPlace({ port, dir }: Options): Promise<void> {
  if (port !== undefined && !(await isFree(port))) {
    throw new Fault(`Port ${port} is in use. Stop what holds it, or choose another with --port.`);
  }
  if (dir === undefined || !existsSync(dir)) return;
  const found = await readdir(dir).catch(() => undefined);
  if (found && (found.length === 0 || found.includes('mariadb'))) return;
  throw new Fault(`${dir} is not a folder that is empty or has data of a cluster in it; choose another with --dir.`);
}

async function start(folder: string, { nodes, port }: Options): Promise<void> {
  const database = { port: await freePort(), password: newPassword() };
  const alarms = { port: await freePort(), password: newPassword() };
  await Promise.all([
    up(await mariadb({ ...database, folder: join(folder, 'mariadb'), say })),
    up(await redis({ ...alarms, folder: join(folder, 'redis'), say })),
  ]);

  const dataDir = join(folder, 'data');
  const kept = keptSecrets(dataDir);
  if ('fault' in kept) throw new Fault(kept.fault);
  const ports: number[] = [];
  for (let n = 0; n < nodes; n++) ports.push(await freePort());
  const startNode = async (n: number) =>
    up(
      await hubNode({
        name: `hub-${n + 1}`,
        folder: join(folder, `hub-${n + 1}`),
        port: ports[n]!,
        dataDir,
        databaseUrl: databaseUrl(database),
        redisUrl: redisUrl(alarms),
        secrets: kept.secrets,
        say,
      }),
    );
  await Promise.all(ports.map((_port, n) => startNode(n)));

  const front = port ?? (await freePort());
  const addresses = ports.map((nodePort) => `127.0.0.1:${nodePort}`);
  await up(await nginx({ folder: join(folder, 'nginx'), port: front, nodes: addresses, say }));
  tell(folder, front, addresses);
}

async function up(server: ServerProcess): Promise<void> {
  ending.signal.throwIfAborted();
  running.push(server);
  await server.start();
}

function tell(folder: string, front: number, addresses: readonly string[]): void {
  const { HUB_DEMO, HUB_DEMO_PASSWORD, NODE_ENV } = process.env;
  const demo = HUB_DEMO !== '0' && NODE_ENV !== 'production';
  const accounts = demo
    ? `agent001 …, dispatcher01 …, leader01 …, admin; password ${HUB_DEMO_PASSWORD ? 'as HUB_DEMO_PASSWORD says' : 'demo'}`
    : `admin; password in ${join(folder, 'data/first-admin-password.txt')}`;
  const pidOf = (n: number) => running.find(({ name }) => name === `hub-${n + 1}`)?.pid;
  say(`  nodes     ${addresses.map((address, n) => `http://${address} (process ${pidOf(n)})`).join('  ')}`);
  say(`  accounts  ${accounts}`);
  say(`  folder    ${folder}`);
  say('  Ctrl-C stops all of it in order.');
  process.stdout.write(`民情枢纽集群已就绪：http://127.0.0.1:${front}\n`);
}

/** The nodes finish what was begun and send their consoles away, nginx has nobody left, and only then the stores go. */
async function stop(): Promise<void> {
  const named = (test: RegExp) => running.filter(({ name }) => test.test(name));
  for (const servers of [named(/^hub-/), named(/^nginx/), named(/^Redis/), named(/^MariaDB/)]) {
    await Promise.all(servers.map((server) => server.stop()));
    for (const { name } of servers) say(`✓ ${name} stopped`);
  }
}

async function run(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (!options) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  await needPlace(options);
  const folder = options.dir ?? (await mkdtemp(join(tmpdir(), 'hub-cluster-')));
  await mkdir(folder, { recursive: true });
  // nginx's workers have an account of their own and pass through to its folder; what is secret says so itself.
  if (options.dir === undefined) await chmod(folder, 0o711);
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const started = start(folder, options);
  try {
    await Promise.race([started.then(() => asked), asked]);
    return 0;
  } finally {
    ending.abort();
    await stop();
    await started.catch(() => undefined);
    if (options.keep) say(`Everything lies in ${folder}`);
    // Whoever was making something in there when it was cut off may take a moment to end.
    else await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  say(error instanceof Fault ? error.message : String((error as Error).stack));
  process.exitCode = 1;
}

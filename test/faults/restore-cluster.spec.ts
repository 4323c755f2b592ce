import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { HubClient } from '@minqing-hub/client-sdk';
import { act, expectSameAsFresh, newId, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { MariadbProcess } from '../support/mariadb-process.js';
import { RedisProcess } from '../support/redis-process.js';
import { until } from '../support/until.js';

let folder: string;
let server: MariadbProcess;
let redis: RedisProcess;
let hub: HubProcess;
let environment: Record<string, string>;
/** As the file says that the hub and its programs read. */
let databaseUrl: string;
const consoles: HubClient[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-restore-'));
  [server, redis] = await Promise.all([MariadbProcess.started(), RedisProcess.started()]);
  const key = () => randomBytes(32).toString('hex');
  environment = {
    HUB_PROFILE: 'cluster',
    HUB_DATA_DIR: folder,
    HUB_DATABASE_URL_FILE: join(folder, 'database-url'),
    HUB_REDIS_URL: redis.url,
    HUB_TOKEN_SECRET: key(),
    HUB_AUDIT_KEY: key(),
    HUB_DIGEST_KEY: key(),
  };
  databaseUrl = await server.database();
  writeFileSync(environment.HUB_DATABASE_URL_FILE!, databaseUrl);
  hub = await HubProcess.create(environment);
  await hub.start();
});
afterAll(async () => {
  for (const client of consoles) client.close();
  await hub?.remove();
  await Promise.all([server?.remove(), redis?.remove()]);
  await rm(folder, { recursive: true, force: true });
});

/** A program of the checkout as somebody runs it: its exit code and what it printed. */
function run(program: string, args: string[], at = databaseUrl) {
  writeFileSync(environment.HUB_DATABASE_URL_FILE!, at);
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(process.execPath, [`dist/src/cli/${program}.js`, ...args], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.on('close', (code) => resolve({ code, output }));
  });
}

const epochIn = (output: string) => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(output)?.[0];
const tablesIn = async (url: string) =>
  (await server.say(`SHOW TABLES IN ${new URL(url).pathname.slice(1)}`)).flatMap((row) => Object.values(row));

async function open(username: string): Promise<HubClient> {
  const client = await openConsole(hub.url, username);
  consoles.push(client);
  return client;
}

describe('backup of a cluster while it runs, and restore', () => {
  let file: string;

  it('[I1] gives back everything that was acknowledged before, and consoles go over to the restored log', async () => {
    const agent = await open('agent001');
    const desk = await openRoom(await open('dispatcher01'), 'desk:city');
    const acknowledged: string[] = [];
    let goOn = true;
    const registering = (async () => {
      for (let n = 0; goOn; n++) {
        const taken = await act(agent, 'register', { ...newRequest(n), source: 'app', sourceId: newId() });
        acknowledged.push(taken.orderNo);
        await act(agent, 'accept', { orderNo: taken.orderNo, expectedVersion: taken.version, noPlace: true });
      }
    })();
    await until('30 acknowledged requests', () => acknowledged.length >= 30);
    const before = [...acknowledged];
    file = join(folder, 'backup');
    const backup = await run('backup', [file]);
    await until('more requests after the backup', () => acknowledged.length > before.length + 5);
    goOn = false;
    await registering;
    expect(backup).toMatchObject({ code: 0, output: expect.stringContaining(`已备份到 ${file}`) });
    expect(backup.output).toContain('HUB_AUDIT_KEY');

    // The server is lost; there is a new one, empty.
    await hub.stop();
    databaseUrl = await server.database();
    const restored = await run('restore', [file]);
    expect(restored.code).toBe(0);
    expect(epochIn(restored.output)).toBeDefined();
    expect(epochIn(restored.output)).not.toBe(epochIn(backup.output));

    await hub.start();
    const leader = await open('leader01');
    for (const orderNo of before) expect(await leader.http.get(`/api/orders/${orderNo}`)).toMatchObject({ orderNo });
    await until('the console to take the restored log', () => desk.epoch === epochIn(restored.output));
    await expectSameAsFresh(hub.url, 'dispatcher01', desk, 'desk:city');
  });

  it('leaves alone what is there: a file of that name, a database with data', async () => {
    expect(await run('backup', [file])).toMatchObject({ code: 1, output: expect.stringContaining('已存在') });
    const there = await tablesIn(databaseUrl);
    expect(await run('restore', [file])).toMatchObject({ code: 1, output: expect.stringContaining('不是空的') });
    expect(await tablesIn(databaseUrl)).toEqual(there);
    expect(await run('backup', [`${file}2`, '--with-secrets'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('HUB_AUDIT_KEY'),
    });
  });

  it('restores nothing from a file that is broken, cut off, or of a newer program', async () => {
    const sql = gunzipSync(readFileSync(file)).toString();
    const cases: [string, Buffer, string][] = [
      ['cut', readFileSync(file).subarray(0, 20_000), '已损坏'],
      ['short', gzipSync(sql.slice(0, sql.length / 2)), '不完整'],
      ['other', Buffer.from('SELECT 1;\n'), '已损坏'],
      [
        'newer',
        gzipSync(sql.replace(/(INSERT INTO `migrations` [^;]*)\);/, `$1),(99999,1,'Future9999');`)),
        '更新版本',
      ],
    ];
    const empty = await server.database();
    for (const [name, content, said] of cases) {
      writeFileSync(join(folder, name), content);
      const answer = await run('restore', [join(folder, name)], empty);
      expect({ name, ...answer }).toEqual({ name, code: 1, output: expect.stringContaining(said) });
      expect(await tablesIn(empty)).toEqual([]);
    }
  });

  it('leaves no half file where the server goes away, and tells no password', async () => {
    const gone = databaseUrl.replace(/:\d+\//, ':1/');
    const answer = await run('backup', [join(folder, 'never')], gone);
    expect(answer).toMatchObject({ code: 1, output: expect.stringContaining('无法连接数据库') });
    expect(answer.output).not.toMatch(/pa:ss|pa%3A/);
    expect(existsSync(join(folder, 'never'))).toBe(false);
    expect((await readdir(folder)).filter((name) => name.includes('draft'))).toEqual([]);
  });
});

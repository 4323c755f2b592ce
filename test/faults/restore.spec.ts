import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubClient } from '@minqing-hub/client-sdk';
import { act, expectSameAsFresh, newId, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { until } from '../support/until.js';

let folder: string;
let dataDir: string;
let hub: HubProcess;
const consoles: HubClient[] = [];

async function open(username: string): Promise<HubClient> {
  const client = await openConsole(hub.url, username);
  consoles.push(client);
  return client;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-restore-'));
  dataDir = join(folder, 'current');
  mkdirSync(dataDir);
  hub = await HubProcess.create({ HUB_DATA_DIR: dataDir });
  await hub.start();
});
afterEach(async () => {
  for (const client of consoles.splice(0)) client.close();
  await hub.remove();
  await rm(folder, { recursive: true, force: true });
});

/** A program of the checkout as somebody runs it: its exit code and what it printed. */
function run(program: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`dist/src/cli/${program}.js`, ...args], {
      env: { PATH: process.env.PATH, HUB_DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.on('close', (code) => resolve({ code, output }));
  });
}

const epochIn = (output: string) => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(output)?.[0];

describe('backup while the hub runs, and restore', () => {
  it('[I1] gives back everything that was acknowledged before, and consoles go over to the restored log', async () => {
    const agent = await open('agent001');
    const watcher = await open('agent002');
    const room = await openRoom(watcher, 'queue:register');

    const acknowledged: string[] = [];
    let goOn = true;
    const registering = (async () => {
      for (let n = 0; goOn; n++) {
        const request = { ...newRequest(n), source: 'app', sourceId: newId() };
        acknowledged.push((await act(agent, 'register', request)).orderNo);
      }
    })();
    await until('30 acknowledged requests', () => acknowledged.length >= 30);
    const before = [...acknowledged];
    const file = join(folder, 'backup');
    const backup = await run('backup', file);
    await until('more requests after the backup', () => acknowledged.length > before.length + 5);
    goOn = false;
    await registering;
    expect(backup).toMatchObject({ code: 0, output: expect.stringContaining(`已备份到 ${file}`) });
    expect(await run('verify-log')).toMatchObject({ code: 0, output: expect.stringContaining('全部相符') });

    // The disk is lost; the keys were kept elsewhere.
    await hub.stop();
    const lost = join(folder, 'lost');
    renameSync(dataDir, lost);
    mkdirSync(dataDir);
    copyFileSync(join(lost, 'secrets.json'), join(dataDir, 'secrets.json'));
    const restored = await run('restore', file);
    expect(restored.code).toBe(0);
    expect(epochIn(restored.output)).not.toBe(epochIn(backup.output));
    expect(await run('verify-log')).toMatchObject({ code: 0 });

    await hub.start();
    const leader = await open('leader01');
    for (const orderNo of before) expect(await leader.http.get(`/api/orders/${orderNo}`)).toMatchObject({ orderNo });
    await until('the console to take the restored log', () => room.epoch === epochIn(restored.output));
    await expectSameAsFresh(hub.url, 'agent002', room, 'queue:register');
  });

  it('refuses to restore over the running hub’s data', async () => {
    const file = join(folder, 'backup');
    expect(await run('backup', file)).toMatchObject({ code: 0 });
    const before = readdirSync(dataDir);
    expect(await run('restore', file)).toMatchObject({ code: 1, output: expect.stringContaining('不是空的') });
    expect(readdirSync(dataDir)).toEqual(before);
    expect(await run('backup', file)).toMatchObject({ code: 1, output: expect.stringContaining('已存在') });
    expect(await run('restore')).toMatchObject({ code: 2, output: expect.stringContaining('用法') });
    expect(await run('backup', '--quietly', file)).toMatchObject({
      code: 2,
      output: expect.stringContaining('--quietly'),
    });
  });
});

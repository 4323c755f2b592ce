import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, newRequest, openConsole } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';

/** Starts the built hub and waits for its end. */
async function boot(env: Record<string, string>): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    env: { PATH: process.env.PATH, HUB_PORT: '0', HUB_PASSWORD_COST: '14', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  child.stderr.on('data', (chunk) => (printed += String(chunk)));
  const code = await new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.stdout.on('data', () => printed.includes('已就绪') && child.kill('SIGTERM'));
  });
  return { code, printed };
}

describe('a boot that cannot be', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'hub-boot-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('ends with code 2 and every fault of settings and policy, in sentences', async () => {
    const { code, printed } = await boot({
      HUB_DATA_DIR: dataDir,
      HUB_CONFIG_DIR: dataDir,
      HUB_PORT: 'door',
      HUB_PROT: '1',
    });
    expect(code).toBe(2);
    expect(printed).toBe(
      [
        '配置有误，未能启动：',
        '  - HUB_PROT：没有这个设置，是否指 HUB_PORT',
        '  - HUB_PORT：应为 0 到 65535 的整数',
        '  - policy.json：无法读取（HUB_CONFIG_DIR）',
        '  - skills.json：无法读取（HUB_CONFIG_DIR）',
        '',
      ].join('\n'),
    );
  });

  it('[ID7] ends with code 2 when a demo database would serve in production', async () => {
    expect((await boot({ HUB_DATA_DIR: dataDir, HUB_LOG_LEVEL: 'error' })).code).toBe(0);
    const { code, printed } = await boot({
      HUB_DATA_DIR: dataDir,
      HUB_LOG_LEVEL: 'error',
      NODE_ENV: 'production',
    });
    expect(code).toBe(2);
    expect(printed).toMatch(/^配置有误，未能启动：\n {2}- 数据库中还有使用演示密码的有效账号/);
    expect(printed).not.toMatch(/\n\s+at /);
  });
});

describe('a data folder', () => {
  let hub: HubProcess;
  beforeEach(async () => {
    hub = await HubProcess.create({ HUB_PROFILE: 'embedded' });
    await hub.start();
  });
  afterEach(() => hub.remove());

  it('serves one hub at a time, and the next one as soon as the first has ended', async () => {
    const second = () => boot({ HUB_DATA_DIR: hub.dataDir, HUB_LOG_LEVEL: 'error' });
    const refused = await second();
    expect(refused.code).toBe(2);
    expect(refused.printed).toMatch(/HUB_DATA_DIR：另一个民情枢纽正在使用这个数据目录/);

    await hub.kill();
    expect((await second()).code).toBe(0);
  });

  it('holds everything in one file after an orderly end', async () => {
    for (let end = 0; end < 3; end++) {
      // Enough that the thread of checkpoints is at work.
      const client = await openConsole(hub.url, 'agent001');
      for (let n = 0; n < 70; n++) {
        await client.command('register', { ...newRequest(n), source: 'app', sourceId: newId() });
      }
      client.close();
      expect(await hub.stop()).toBe(0);
      expect((await readdir(hub.dataDir)).filter((name) => /^hub\.sqlite-/.test(name))).toEqual([]);
      await hub.start();
    }
  });
});

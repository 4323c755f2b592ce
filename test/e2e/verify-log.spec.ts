import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { behindItsBack } from '../support/behind-its-back.js';
import { Caller } from '../support/caller.js';
import { newRequest } from '../support/consoles.js';
import { startHub } from '../support/hub.js';
import { environmentOf, placeOf, PROFILE } from '../support/profile.js';

describe('npm run verify-log', () => {
  let dataDir: string;
  let orderNo: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'hub-verify-'));
    const hub = await startHub({ dataDir });
    ({ orderNo } = await (await Caller.login(hub.url, 'agent001')).act('register', newRequest()));
    await hub.stop();
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  async function verify(env: Record<string, string> = {}, ...args: string[]) {
    const child = spawn(process.execPath, ['dist/src/cli/verify-log.js', ...args], {
      env: { PATH: process.env.PATH, HUB_DATA_DIR: dataDir, ...(await environmentOf(dataDir)), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    const code = await new Promise<number | null>((ended) => child.once('close', ended));
    return { code, output };
  }

  it('answers 0 when all agrees', async () => {
    expect(await verify()).toMatchObject({ code: 0, output: expect.stringContaining('全部相符') });
  });

  it('answers 2 to who calls it the wrong way, and where there is nothing', async () => {
    expect(await verify({}, 'all')).toMatchObject({ code: 2, output: '用法：npm run verify-log\n' });
    const nowhere = placeOf(dataDir).replace(/[^/]*$/, 'nothing');
    const nothing = await verify({ HUB_DATA_DIR: nowhere, HUB_DATABASE_URL: nowhere });
    const [code, sentence] = PROFILE === 'embedded' ? [2, '没有数据库'] : [1, '无法连接数据库'];
    expect(nothing).toMatchObject({ code, output: expect.stringContaining(sentence) });
  });

  it('[I8] answers 3 and names event, order and what to do, for each kind once', async () => {
    await behindItsBack(
      placeOf(dataDir),
      `UPDATE event SET actor_id = 'somebody' WHERE type = 'order.registered' AND subject = 'order:${orderNo}';
       UPDATE work_order SET body = json_set(body, '$.grade', 'slow') WHERE order_no = '${orderNo}'`,
    );
    const { code, output } = await verify();
    expect(code).toBe(3);
    expect(output).toMatch(
      new RegExp(
        `\\[hash\\] 位次 \\d+ 的事件（order\\.registered，order:${orderNo}，20\\d\\d-.*Z，编号 [\\w-]+）与它的校验值不符`,
      ),
    );
    expect(output).toMatch(new RegExp(`\\[order\\] ${orderNo}：grade 与日志累加的结果不同`));
    expect(output.match(/^ {2}→ .*HUB_AUDIT_KEY/gm)).toHaveLength(1);
    expect(output.match(/^ {2}→ .*trail/gm)).toHaveLength(1);
    expect(output).toContain('发现 3 处不符');
  });
});

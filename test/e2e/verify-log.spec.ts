import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationFault } from '../../src/config/configuration-fault.js';
import { behindItsBack } from '../support/behind-its-back.js';
import { Caller } from '../support/caller.js';
import { newRequest } from '../support/consoles.js';
import { startHub } from '../support/hub.js';
import { environmentOf, placeOf, PROFILE } from '../support/profile.js';

const another = (key: string) => ({ [key]: 'a key that is not the one with which this log was begun' });

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

  it.each(['HUB_AUDIT_KEY', 'HUB_DIGEST_KEY'])(
    '[I8] still finds the log whole after a hub that came with another %s, which is refused and named',
    async (key) => {
      const fault = await startHub({ dataDir, env: another(key) }).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(ConfigurationFault);
      expect((fault as ConfigurationFault).faults).toEqual([
        expect.stringMatching(new RegExp(`^${key}（或 secrets\\.json）：不是本数据库日志所用的密钥`)),
      ]);
      expect(await verify()).toMatchObject({ code: 0 });
    },
  );

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

  it('[I8] a log that a restore began anew takes new keys, and these alone from then on', async () => {
    await behindItsBack(placeOf(dataDir), `UPDATE log_head SET epoch = '${randomUUID()}'`);
    const keys = { ...another('HUB_AUDIT_KEY'), ...another('HUB_DIGEST_KEY') };
    await (await startHub({ dataDir, env: keys })).stop();
    await expect(startHub({ dataDir })).rejects.toMatchObject({
      faults: [expect.stringContaining('HUB_AUDIT_KEY'), expect.stringContaining('HUB_DIGEST_KEY')],
    });
    await (await startHub({ dataDir, env: keys })).stop();
  });
});

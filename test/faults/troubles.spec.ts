import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Readiness } from '@minqing-hub/client-sdk/protocol';
import { Caller } from '../support/caller.js';
import { newRequest } from '../support/consoles.js';
import { startHub } from '../support/hub.js';
import { HubProcess } from '../support/hub-process.js';
import { RedisProcess } from '../support/redis-process.js';
import { until } from '../support/until.js';

interface Asked {
  code: number;
  readiness: Readiness;
}

describe('a hub in trouble', () => {
  let redis: RedisProcess;
  let hub: HubProcess;
  beforeAll(async () => {
    redis = await RedisProcess.started({ password: 'nobody-reads-this' });
    hub = await HubProcess.create({ HUB_LOG_LEVEL: 'log', HUB_ALARMS: 'bull', HUB_REDIS_URL: redis.url });
    await hub.start();
  });
  afterAll(async () => {
    await hub.remove();
    await redis.remove();
  });

  const ask = async (): Promise<Asked> => {
    const response = await fetch(`${hub.url}/api/health/ready`);
    return { code: response.status, readiness: (await response.json()) as Readiness };
  };
  /** Answers what was said once this part, and no other, is in trouble. */
  const troubleWith = async (part: string) => {
    let said!: Asked;
    await until(`${part} alone to be named`, async () => {
      said = await ask();
      return said.readiness.troubles.length === 1 && said.readiness.troubles[0]!.part === part;
    });
    return { ...said, trouble: said.readiness.troubles[0]! };
  };
  const figure = async (line: string) => {
    const text = await (await fetch(`${hub.url}/metrics`)).text();
    const found = text.split('\n').find((one) => one.startsWith(`${line} `));
    return found === undefined ? undefined : Number(found.slice(line.length));
  };
  const whole = () =>
    until('nothing to be wrong', async () => {
      const { code, readiness } = await ask();
      return code === 200 && readiness.troubles.length === 0;
    });

  it('[SI2] serves without Redis and says so, since when, and when that is over', async () => {
    await whole();
    expect(await figure('hub_alarms_serving')).toBe(1);
    const before = Date.now();
    await redis.kill();
    const { code, readiness, trouble } = await troubleWith('alarms.redis');
    expect(code).toBe(200);
    expect(readiness).toMatchObject({ status: 'ready', failing: [], degraded: ['alarms.redis'] });
    expect(trouble).toMatchObject({ effect: 'degraded', sentence: expect.stringContaining('Redis') });
    expect(trouble.since).toBeGreaterThanOrEqual(before);
    expect(await figure('hub_alarms_serving')).toBe(0);
    expect(await figure('hub_trouble_seconds{part="alarms.redis"}')).toBeGreaterThan(0);
    await redis.start();
    await whole();
    expect(await figure('hub_trouble_seconds{part="alarms.redis"}')).toBe(0);
    expect(hub.printed).toMatch(/alarms\.redis 已恢复，历时 \d+ 秒/);
  });

  it('[SI2] is unfit to serve while nothing can be written, and lives on', async () => {
    const agent = await Caller.login(hub.url, 'agent001');
    // No file may grow: each write fails as it does on a full disk.
    const limit = (bytes: string) => execFileSync('prlimit', ['--pid', String(hub.pid), `--fsize=${bytes}`]);
    limit('0:unlimited');
    try {
      const { code, readiness, trouble } = await troubleWith('database.write');
      expect(code).toBe(503);
      expect(readiness).toMatchObject({ status: 'failing', failing: ['database.write'], degraded: [] });
      expect(trouble.sentence).toContain('磁盘');
      expect((await agent.refusedTo('register', newRequest())).code).toMatch(/^(internal|unavailable)$/);
      expect((await fetch(`${hub.url}/api/health/live`)).status).toBe(200);
      expect(await figure('hub_trouble_seconds{part="database.write"}')).toBeGreaterThan(0);
    } finally {
      limit('unlimited:unlimited');
    }
    await whole();
    await agent.act('register', newRequest());
  });

  it('[SI2] is unfit to serve while its tail stands still, and tells how far it is behind', async () => {
    const database = new Database(join(hub.dataDir, 'hub.sqlite'));
    const { seq } = database.prepare<[], { seq: number }>('SELECT seq FROM log_head').get()!;
    // An event that nobody can read has got in behind the hub's back.
    database.transaction(() => {
      const { lastInsertRowid: row } = database
        .prepare(
          `INSERT INTO event (event_id, subject, type, at, recorded_at, actor_id, command_id, data, audience)
           VALUES ('unread', 'seat:001', 'seat.presence_changed', 0, 0, 'a', 'c', '{}', '{damaged')`,
        )
        .run();
      database.prepare(`INSERT INTO event_place (seq, event_row, hash) VALUES (?, ?, 'x')`).run(seq + 1, row);
      database.prepare('UPDATE log_head SET seq = ?, last_row = ?').run(seq + 1, row);
    })();
    const { code, readiness, trouble } = await troubleWith('log.lag');
    expect(code).toBe(503);
    expect(readiness.failing).toEqual(['log.lag']);
    expect(trouble.sentence).toMatch(/落后日志 [1-9]\d* 个事件，最早的已等 \d+ 秒/);
    expect(await figure('hub_log_lag_events')).toBeGreaterThan(0);
    expect(await figure('hub_log_lag_seconds')).toBeGreaterThan(5);
    database.exec(`UPDATE event SET audience = '{"rooms":{}}' WHERE event_id = 'unread'`);
    database.close();
    await whole();
    expect(await figure('hub_log_lag_events')).toBe(0);
  });

  it('[SI2] names a disk that is nearly full before anything fails', async () => {
    const crowded = await startHub({ demo: false, env: { HUB_DISK_MIN_FREE_MIB: '1000000000' } });
    const { degraded, troubles } = (await (await fetch(`${crowded.url}/api/health/ready`)).json()) as Readiness;
    await crowded.stop();
    expect(degraded).toEqual(['disk.space']);
    expect(troubles[0]!.sentence).toMatch(/只剩 \d+ MiB，低于 1000000000 MiB/);
  });
});

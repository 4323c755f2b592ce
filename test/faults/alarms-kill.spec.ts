import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Readiness } from '@minqing-hub/client-sdk/protocol';
import { act, newId, newRequest, openConsole } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { RedisProcess } from '../support/redis-process.js';
import { seededRandom } from '../support/seeded-random.js';
import { tunedCity } from '../support/tuned-city.js';
import { until } from '../support/until.js';

const SEED = 20260302;
const OFFER_SECONDS = 2;
const AGENTS = 6;
const FAULTS = ['flush', 'kill redis', 'kill hub', 'kill both', 'pause redis', 'kill hub'] as const;
/** [I5] Beyond the time that the whole system was down. */
const MOST_LATE_MS = 2_000;

interface OfferClock {
  clock_id: string;
  due_at: number;
  ended_at: number | null;
  state: string;
}

describe('a hub whose alarms lie on Redis, when both are killed', () => {
  it(`[AL1] [AL3] [I5] lets every offer end once, none early, none late (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const redis = await RedisProcess.started({ password: 'nobody-reads-this' });
    const city = await tunedCity({ 'offer.seconds': OFFER_SECONDS, 'seat.graceSeconds': 120 });
    const hub = await HubProcess.create({ HUB_CONFIG_DIR: city, HUB_ALARMS: 'bull', HUB_REDIS_URL: redis.url });
    await hub.start();
    const ready = async () => (await (await fetch(`${hub.url}/api/health/ready`)).json()) as Readiness;
    const down: { from: number; to: number }[] = [];

    // Nobody takes what is offered, so that offers end all the time.
    const agents = await Promise.all(
      Array.from({ length: AGENTS }, (_, i) => openConsole(hub.url, `agent${String(i + 1).padStart(3, '0')}`)),
    );
    for (const agent of agents) await act(agent, 'setPresence', { presence: 'ready' });
    const intake = await openConsole(hub.url, 'agent050');
    for (let n = 0; n < 2 * AGENTS; n++) {
      await act(intake, 'register', { ...newRequest(n), source: 'app', sourceId: newId() });
    }

    const database = new Database(join(hub.dataDir, 'hub.sqlite'), { readonly: true });
    const offers = () =>
      database
        .prepare<[], OfferClock>(`SELECT clock_id, due_at, ended_at, state FROM clock WHERE kind = 'OFFER'`)
        .all();
    const ended = () => offers().filter(({ state }) => state === 'rung').length;
    const moreEnd = (count: number) => {
      const goal = ended() + count;
      return until(`${count} more offers to end`, () => ended() >= goal);
    };
    const restart = async (work: () => Promise<void>) => {
      const from = Date.now();
      await hub.kill();
      await work();
      await hub.start();
      down.push({ from, to: Date.now() });
    };
    const lost = () =>
      until('Redis to be named', async () => {
        const { status, degraded } = await ready();
        return status === 'ready' && degraded.includes('alarms.redis');
      });
    const whole = () => until('nothing to be degraded', async () => (await ready()).degraded.length === 0);

    await whole();
    for (const fault of FAULTS) {
      await moreEnd(Math.ceil(random() * AGENTS));
      if (fault === 'flush') await redis.flush();
      if (fault === 'kill hub') await restart(async () => undefined);
      if (fault === 'kill both') await restart(() => redis.kill());
      if (fault === 'kill redis') await redis.kill();
      if (fault === 'pause redis') redis.pause();
      if (fault === 'flush' || fault === 'kill hub') continue;
      await lost();
      await moreEnd(AGENTS);
      if (fault === 'pause redis') redis.resume();
      else await redis.start();
      await whole();
    }
    await moreEnd(AGENTS);

    for (const { state, due_at } of offers()) if (state === 'running') expect(Date.now() - due_at).toBeLessThan(2_000);
    for (const client of [...agents, intake]) client.close();
    expect(await hub.stop()).toBe(0);
    const rung = offers().filter(({ state }) => state === 'rung');
    expect(rung.length).toBeGreaterThan(8 * AGENTS);
    for (const { clock_id, due_at, ended_at } of rung) {
      // Who was off when it was due may ring for it once it serves.
      const off = down.filter(({ from, to }) => due_at <= to && ended_at! >= from);
      const latest = Math.max(due_at, ...off.map(({ to }) => to)) + MOST_LATE_MS;
      expect({ clock_id, early: ended_at! < due_at, late: ended_at! > latest }).toEqual({
        clock_id,
        early: false,
        late: false,
      });
    }
    const told = database
      .prepare<[], { count: number }>(`SELECT count(*) AS count FROM event WHERE type = 'queue.item_expired'`)
      .get()!;
    expect(told.count).toBe(rung.length);
    expect(hub.printed).not.toContain('nobody-reads-this');

    database.close();
    await hub.remove();
    await redis.remove();
    await rm(city, { recursive: true });
  }, 600_000);
});

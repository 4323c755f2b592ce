import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OrderPage } from '@minqing-hub/client-sdk/protocol';
import { Caller } from '../support/caller.js';
import { HubProcess } from '../support/hub-process.js';
import { recordTown } from '../support/recorded-town.js';
import { replayTown } from '../support/replay-process.js';
import { until } from '../support/until.js';

const ROWS = 160;
const KILL_AT = [30, 75, 120];

describe('a hub that is killed in the middle of a replay', () => {
  it('[I1] [I3] has every acknowledged request, and all consoles equal fresh ones, cut or not', async () => {
    const configDir = await mkdtemp(join(tmpdir(), 'replay-kill-'));
    const { file } = await recordTown(configDir, ROWS);
    const hub = await HubProcess.create();
    await hub.start();
    const leader = await Caller.login(hub.url, 'leader01');
    const registered = async (): Promise<number> =>
      (await leader.get<OrderPage>('/api/orders?channel=12345&limit=1')).body.total! +
      (await leader.get<OrderPage>('/api/orders?channel=counter&limit=1')).body.total!;

    const replaying = replayTown({ url: hub.url, configDir, file }, '--learn-every', '60', '--cuts', '0.2');
    for (const goal of KILL_AT) {
      await until(`${goal} requests are registered`, async () => (await registered()) >= goal);
      await hub.kill();
      await hub.start();
    }
    const { report, code } = await replaying;

    expect(report).toMatchObject({
      received: ROWS,
      refused: 0,
      mismatches: 0,
      acted: { unfinished: 0 },
      checked: { orders: ROWS, missing: [], different: [] },
    });
    expect(report.acted.cuts).toBeGreaterThan(0);
    expect(code).toBe(0);
    expect(await registered()).toBe(ROWS);
    await hub.remove();
    await rm(configDir, { recursive: true, force: true });
  }, 600_000);
});

import { spawn } from 'node:child_process';
import type { OrderPage } from '@minqing-hub/client-sdk/protocol';
import type { CityDayReport } from '../../simulation/city-day/report.js';
import { Caller } from '../support/caller.js';
import { HubProcess } from '../support/hub-process.js';
import { until } from '../support/until.js';

/** Simulated quarter of an hour, busy: 60 times 0.25 minutes. */
const DAY = ['--seats', '30', '--orders-per-day', '4000', '--minutes', '0.25', '--speed', '60', '--from', '09:00'];
const KILL_AT = [8, 25];

async function simulate(url: string, ...args: string[]): Promise<{ code: number | null; report: CityDayReport }> {
  const child = spawn(process.execPath, ['dist/simulation/simulate.js', ...DAY, '--url', url, ...args], {
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let said = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  if (printed === '') throw new Error(`the simulation ended with ${code}: ${said}`);
  return { code, report: JSON.parse(printed) as CityDayReport };
}

describe('a simulated day with a hub that is killed and lines that are cut', () => {
  it('[I1] [I3] [I4] [SH7] [SH8] loses nothing, holds nothing twice and shows only what is so', async () => {
    // By its clock, which the simulation moves ahead before anybody is there, a shift ends in the middle.
    const hub = await HubProcess.create({ HUB_CLOCK: 'virtual' });
    await hub.start();
    const leader = await Caller.login(hub.url, 'leader01');
    const registered = async (): Promise<number> => (await leader.get<OrderPage>('/api/orders?limit=1')).body.total!;

    const simulating = simulate(hub.url, '--cuts', '0.5', '--seed', '7');
    for (const goal of KILL_AT) {
      await until(`${goal} requests are registered`, async () => (await registered()) >= goal, 90_000);
      await hub.kill();
      await hub.start();
    }
    const { report, code } = await simulating;

    expect(report.checked).toMatchObject({ heldTwice: [], heldByGone: [], lost: [], counters: [], different: [] });
    expect(report.mismatches).toBe(0);
    expect(code).toBe(0);
    // Something happened that could have gone wrong.
    expect(report.orders.acknowledged).toBeGreaterThan(KILL_AT.at(-1)!);
    expect(report.calls.answered).toBeGreaterThan(10);
    expect(report.floor.changedHands).toBeGreaterThan(0);
    expect(report.floor.sentHome).toBeGreaterThan(0);
    expect(report.consoles.cuts).toBeGreaterThan(0);
    await hub.remove();
  }, 600_000);
});

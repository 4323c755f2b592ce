import { spawn } from 'node:child_process';
import type { MonthReport } from '../../simulation/month/report.js';

/** A week before a holiday, whose clocks run into it. How late signals are is no matter of a test. */
const DAYS = ['--days', '7', '--orders', '60', '--seed', '4', '--most-late', '60000'];

async function simulate(...args: string[]): Promise<{ code: number | null; report: MonthReport }> {
  const child = spawn(process.execPath, ['dist/simulation/simulate-month.js', ...DAYS, ...args], {
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let said = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  if (printed === '') throw new Error(`the simulation ended with ${code}: ${said}`);
  return { code, report: JSON.parse(printed) as MonthReport };
}

describe('simulated days with a hub that is killed and a Redis that forgets', () => {
  it('[I5] [CK4] [CK5] have every signal of every clock once, none early, none after its clock ended', async () => {
    const { report, code } = await simulate('--kills', '2', '--redis-losses', '2');
    expect(report.checked).toEqual({
      missing: [],
      twice: [],
      early: [],
      afterStop: [],
      tooLate: [],
      differing: [],
      notActedUpon: [],
      log: [],
    });
    expect([code, report.faults]).toEqual([0, { kills: 2, redisLosses: 2 }]);
    // It was away for more than a minute while there was something to say, and came back empty.
    expect(report.redisAway).toHaveLength(1);
    expect(report.redisAway.filter(({ seconds, signals }) => seconds < 60 || signals === 0)).toEqual([]);
    // Something was said that could have been lost, by clocks of every basis, and something was done in time.
    expect(report.signals.raised).toBeGreaterThan(200);
    for (const name of ['ACCEPT overdue', 'DISPATCH amber', 'ACK overdue', 'CONTACT_UNIT amber', 'HANDLING amber']) {
      expect(report.bySignal[name]?.raised).toBeGreaterThan(0);
    }
    expect(report.commands.acknowledge).toBeGreaterThan(0);
  }, 600_000);
});

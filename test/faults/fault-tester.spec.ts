import { spawn } from 'node:child_process';
import type { FaultReport } from '../../faults/report.js';

/** What of the tester a minute can show: two bugs that show at once. `--planted` alone has them all. */
const QUICKLY_CAUGHT = ['frame-lost', 'return-without-effect'];

async function faults(
  ...args: string[]
): Promise<{ code: number | null; report: Record<string, unknown>; said: string }> {
  const child = spawn(process.execPath, ['scripts/faults.mjs', ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let said = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  if (printed === '') throw new Error(`the fault tester ended with ${code}: ${said}`);
  return { code, report: JSON.parse(printed.trim().split('\n').at(-1)!) as Record<string, unknown>, said };
}

describe('the fault tester', () => {
  it('[I1] [I2] [I3] [I4] [I5] [I6] [I7] finds nothing wrong with the hub while things break (seed 11)', async () => {
    const { code, report, said } = await faults('--seed', '11', '--minutes', '0.1');
    const { wrongs, log, faultsInjected, deliveriesChecked, commandsAnswered } = report as unknown as FaultReport;
    expect({ said, wrongs: Object.values(wrongs).filter((count) => count > 0), log }).toEqual({
      said,
      wrongs: [],
      log: null,
    });
    expect(code).toBe(0);
    // Something happened that could have gone wrong.
    expect(faultsInjected).toBeGreaterThan(0);
    expect(commandsAnswered).toBeGreaterThan(20);
    expect(deliveriesChecked).toBeGreaterThan(200);
  }, 180_000);

  it('catches bugs that were planted for it', async () => {
    const { code, report } = await faults('--seed', '11', '--planted', QUICKLY_CAUGHT.join(','));
    expect(report).toMatchObject({ planted: QUICKLY_CAUGHT.length, caught: QUICKLY_CAUGHT.length, missed: [] });
    expect(code).toBe(0);
  }, 240_000);
});

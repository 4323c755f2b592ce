import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { FaultReport } from '../../faults/report.js';
import { until } from '../support/until.js';

/** Smaller than what is run by hand, so that it takes no longer than it has to. */
const SHORT = ['--seed', '11', '--minutes', '0.1', '--nodes', '2', '--readers', '40'];
/** Shorter still: three database servers take long to begin. Of this seed one is cut off early, and briefly. */
const SHORTEST = ['--seed', '163', '--minutes', '0.05', '--nodes', '2', '--readers', '10', '--profile', 'galera'];
/** What of the tester's own test a minute can show: a bug that shows at once. `--planted` alone has them all. */
const QUICKLY_CAUGHT = ['return-without-effect'];
const QUICKLY_CAUGHT_AMONG_NODES = ['placed-elsewhere-untold'];

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['scripts/faults.mjs', ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface Run {
  code: number | null;
  report: Record<string, unknown>;
  /** On stderr. */
  said: string;
}

async function faults(...args: string[]): Promise<Run> {
  const child = start(...args);
  let printed = '';
  let said = '';
  child.stdout!.on('data', (chunk) => (printed += String(chunk)));
  child.stderr!.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  if (printed === '') throw new Error(`the fault tester ended with ${code}: ${said}`);
  return { code, report: JSON.parse(printed.trim().split('\n').at(-1)!) as Record<string, unknown>, said };
}

function expectNothingWrong({ code, report, said }: Run): void {
  const { wrongs, log, faultsInjected, deliveriesChecked, commandsAnswered } = report as unknown as FaultReport;
  const found = Object.values(wrongs).filter((count) => count > 0);
  expect({ said, found, log }).toEqual({ said, found: [], log: null });
  expect(code).toBe(0);
  // Something happened that could have gone wrong.
  expect(faultsInjected).toBeGreaterThan(2);
  expect(commandsAnswered).toBeGreaterThan(20);
  expect(deliveriesChecked).toBeGreaterThan(1_000);
}

/** Processes that began because this one did, and theirs. */
function begunBy(pid: number): number[] {
  const own = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || !existsSync(`/proc/${name}/stat`)) return false;
    return /^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1] === String(pid);
  });
  return own.flatMap((name) => [Number(name), ...begunBy(Number(name))]);
}

describe('the fault tester', () => {
  it('[I1] [I2] [I3] [I4] [I5] [I6] [I7] finds nothing wrong with either profile while things break (seed 11)', async () => {
    const runs = await Promise.all([faults(...SHORT), faults(...SHORT, '--profile', 'cluster')]);
    for (const run of runs) expectNothingWrong(run);
  }, 240_000);

  it('[I1] [I2] [I3] [I4] [I5] [I6] [I7] finds nothing wrong with a hub on three database servers, one of which is cut off (seed 163)', async () => {
    expectNothingWrong(await faults(...SHORTEST));
  }, 240_000);

  it('catches bugs that were planted for it', async () => {
    const inOneFile = faults('--seed', '11', '--planted', QUICKLY_CAUGHT.join(','));
    const amongNodes = faults(
      '--seed',
      '11',
      '--profile',
      'cluster',
      '--planted',
      QUICKLY_CAUGHT_AMONG_NODES.join(','),
    );
    for (const [run, bugs] of [
      [await inOneFile, QUICKLY_CAUGHT],
      [await amongNodes, QUICKLY_CAUGHT_AMONG_NODES],
    ] as const) {
      expect(run.report).toMatchObject({ planted: bugs.length, caught: bugs.length, missed: [], withoutBug: {} });
      expect(run.code).toBe(0);
    }
  }, 240_000);

  it('takes all that it has started with it when it is told to end', async () => {
    const child = start('--minutes', '1');
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const servers = (): number[] => begunBy(child.pid!).filter((pid) => isServer(pid));
    await until('a hub and a Redis to run', () => servers().length >= 2);
    const begun = begunBy(child.pid!);
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    await until('all of them to be gone', () => begun.every((pid) => !existsSync(`/proc/${pid}`)), 10_000);
  });
});

function isServer(pid: number): boolean {
  try {
    return /redis-server|dist\/src\/main\.js/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

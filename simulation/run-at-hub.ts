import { writeFile } from 'node:fs/promises';
import { Fault } from './fault.js';
import { HubAtWork } from './hub-at-work.js';
import type { Say } from './progress.js';

export interface Run {
  /** Without a `url` the hub of this machine at `port`, started for the run when there is none. */
  hub: { url: string | null; port: number };
  run: (url: string) => Promise<{ report: object; mismatches: number }>;
  reportFile: string | null;
}

/** A program that works with a hub and prints a report: exit code 0 without mismatches, 1 with, 2 when it could not be run. */
export async function runAtHub(prepare: (args: string[], say: Say) => Promise<Run>): Promise<void> {
  const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
  try {
    const { hub: where, run, reportFile } = await prepare(process.argv.slice(2), say);
    const hub = await HubAtWork.find(where, say);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void hub.stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
    }
    try {
      const { report, mismatches } = await run(hub.url);
      const text = JSON.stringify(report, null, 2);
      if (reportFile !== null) await writeFile(reportFile, `${text}\n`);
      process.stdout.write(`${text}\n`);
      process.exitCode = mismatches === 0 ? 0 : 1;
    } finally {
      await hub.stop();
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 2;
  }
}

import { spawn } from 'node:child_process';
import type { ReplayReport } from '../../simulation/replay/report.js';

export interface Replayed {
  code: number | null;
  report: ReplayReport;
  said: string;
}

/** The replay as a person runs it: a program of its own, its mapping in `configDir`. */
export async function replayTown(
  { url, configDir, file }: { url: string; configDir: string; file: string },
  ...args: string[]
): Promise<Replayed> {
  const child = spawn(
    process.execPath,
    ['dist/simulation/replay.js', '--mapping', 'town', '--file', file, '--url', url, ...args],
    { env: { PATH: process.env.PATH, HUB_CONFIG_DIR: configDir }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  let said = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  if (printed === '') throw new Error(`the replay ended with ${code}: ${said}`);
  return { code, said, report: JSON.parse(printed) as ReplayReport };
}

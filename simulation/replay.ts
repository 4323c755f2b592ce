import { writeFile } from 'node:fs/promises';
import { readEnvironment } from './environment.js';
import { Fault } from './fault.js';
import { HubAtWork } from './hub-at-work.js';
import { readOptions } from './replay/options.js';
import { readRecording } from './replay/recorded-rows.js';
import { readMapping } from './replay/replay-mapping.js';
import { Replay } from './replay/replay.js';

/** `npm run replay`: recorded requests through the public API, with seats and departments acting. */
async function main(): Promise<number> {
  const environment = readEnvironment();
  const options = readOptions(process.argv.slice(2), environment);
  const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

  const mapping = await readMapping(environment.configDir, options.mapping);
  const recording = await readRecording(options.file, mapping);
  if (options.limit !== null) recording.rows.splice(options.limit);
  const hub = await HubAtWork.find({ url: options.url, port: environment.port }, say);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void hub.stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
  }
  try {
    const report = await new Replay(hub.url, mapping, recording, options, say).run();
    const text = JSON.stringify(report, null, 2);
    if (options.report !== null) await writeFile(options.report, `${text}\n`);
    process.stdout.write(`${text}\n`);
    return report.mismatches === 0 ? 0 : 1;
  } finally {
    await hub.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 2;
}

import { writeFile } from 'node:fs/promises';
import { readEnvironment } from './environment.js';
import { Fault } from './fault.js';
import { Month } from './month/month.js';
import { readOptions } from './month/options.js';

/** `npm run simulate-month`: a month of a hub whose time is virtual; whether every clock said what it had to say, and when. */
const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
try {
  const options = readOptions(process.argv.slice(2), readEnvironment(), Date.now());
  const report = await Month.run(options, say);
  const text = JSON.stringify(report, null, 2);
  if (options.report !== null) await writeFile(options.report, `${text}\n`);
  process.stdout.write(`${text}\n`);
  process.exitCode = report.mismatches === 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  say(`\n${error.message}`);
  process.exitCode = 2;
}

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** Twice what a whole run may take. */
const GIVEN_UP_AFTER_MS = 40 * 60_000;

/**
 * Ends a run of the tests with one plain line, after all that Jest says. A run that does not end by itself is ended, and
 * told with the spec files that were still at work: one that never lets go of its event loop is past Jest's own limit.
 */
export default class Tally {
  #atWork = new Set();
  #giveUp;

  constructor({ rootDir }) {
    this.rootDir = rootDir;
  }

  onRunStart() {
    this.#giveUp = setTimeout(() => {
      process.stderr.write(
        `Given up after ${GIVEN_UP_AFTER_MS / 60_000} minutes, at work: ${[...this.#atWork].join(', ')}\n`,
      );
      for (const pid of children()) process.kill(pid, 'SIGKILL');
      process.exit(1);
    }, GIVEN_UP_AFTER_MS).unref();
  }

  onTestFileStart(test) {
    this.#atWork.add(this.#nameOf(test));
  }

  onTestFileResult(test) {
    this.#atWork.delete(this.#nameOf(test));
  }

  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    clearTimeout(this.#giveUp);
    const parts = [`${numPassedTests} passed`, `${numFailedTests} failed`];
    if (numPendingTests) parts.push(`${numPendingTests} skipped`);
    if (numRuntimeErrorTestSuites) parts.push(`${numRuntimeErrorTestSuites} files could not run`);
    process.once('exit', () => process.stdout.write(`${parts.join(', ')}\n`));
  }

  #nameOf({ path, context }) {
    return `${relative(this.rootDir, path)} (${context.config.displayName?.name ?? 'one profile'})`;
  }
}

/** Where the system tells: Jest's workers. */
function children() {
  try {
    return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

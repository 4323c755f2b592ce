/**
 * A folder for all that one run of Jest writes, by way of TMPDIR: in memory where there is room, so that no test waits for
 * a disk, and what a killed process had written is there as well. Who starts a server there leaves its process id in
 * `*\/pid`; it ends with the run.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const GIB = 2 ** 30;
/** Several times what a run writes. */
const ENOUGH_BYTES = 4 * GIB;
/** The same, and what the tests themselves need. */
const ENOUGH_MEMORY_BYTES = 6 * GIB;
const NAME = 'hub-tests-';

export default function makeRunFolder() {
  const parent = hasRoom(MEMORY) ? MEMORY : tmpdir();
  for (const name of readdirSync(parent)) {
    // Of a run that was killed.
    const pid = new RegExp(`^${NAME}(\\d+)-`).exec(name)?.[1];
    if (pid && !runs(Number(pid))) end(join(parent, name));
  }
  const folder = mkdtempSync(join(parent, `${NAME}${process.pid}-`));
  process.env.TESTS_FOLDER = folder;
  process.env.TMPDIR = folder;
  process.once('exit', () => end(folder));
}

function hasRoom(folder) {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > ENOUGH_BYTES && process.availableMemory() > ENOUGH_MEMORY_BYTES;
}

function runs(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function end(folder) {
  for (const name of readdirSync(folder)) {
    const pidFile = join(folder, name, 'pid');
    if (!existsSync(pidFile)) continue;
    try {
      process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

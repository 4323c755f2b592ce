import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Where the log stood at a moment, as a line of a file that is not in the database. */
export interface ExportedHead {
  /** ms UTC. */
  at: number;
  epoch: string;
  seq: number;
  hash: string;
  /** A backup was put back here: what had come after it is gone, and meant to be. */
  restored?: true;
}

export const LOG_HEADS_FILE = 'log-heads.ndjson';

/** Ends what was written of a line that power was lost over, or that the disk had no room for. */
const CUT_OFF = ' #cut off';

/** On disk when this returns. Nodes may share the file: each only ever adds to it, a line in one write. */
export function appendHead(folder: string, head: ExportedHead): void {
  mkdirSync(folder, { recursive: true });
  const handle = openSync(join(folder, LOG_HEADS_FILE), 'a+', 0o600);
  try {
    const line = `${endsWhole(handle) ? '' : `${CUT_OFF}\n`}${JSON.stringify(head)}\n`;
    if (writeSync(handle, line) < line.length) throw new Error(`no room for a line of ${LOG_HEADS_FILE}`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Oldest first; a line that cannot be read is `null`. One that was cut off in writing was never there. */
export function readHeads(folder: string): (ExportedHead | null)[] {
  const file = join(folder, LOG_HEADS_FILE);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.filter((line) => !line.endsWith(CUT_OFF)).map(headOf);
}

function endsWhole(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last.toString() === '\n');
}

function headOf(line: string): ExportedHead | null {
  try {
    const head = JSON.parse(line) as Partial<ExportedHead>;
    const isHead = Number.isSafeInteger(head.at) && Number.isSafeInteger(head.seq);
    return isHead && typeof head.epoch === 'string' && typeof head.hash === 'string' ? (head as ExportedHead) : null;
  } catch {
    return null;
  }
}

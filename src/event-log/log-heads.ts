import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
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

/** On disk when this returns. */
export function appendHead(folder: string, head: ExportedHead): void {
  mkdirSync(folder, { recursive: true });
  const handle = openSync(join(folder, LOG_HEADS_FILE), 'a+', 0o600);
  try {
    ftruncateSync(handle, wholeLines(handle));
    writeSync(handle, `${JSON.stringify(head)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Oldest first; a line that cannot be read is `null`. A last one that power was lost over was never there. */
export function readHeads(folder: string): (ExportedHead | null)[] {
  const file = join(folder, LOG_HEADS_FILE);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').slice(0, -1).map(headOf);
}

const wholeLines = (file: number): number => readFileSync(file).lastIndexOf('\n') + 1;

function headOf(line: string): ExportedHead | null {
  try {
    const head = JSON.parse(line) as Partial<ExportedHead>;
    const isHead = Number.isSafeInteger(head.at) && Number.isSafeInteger(head.seq);
    return isHead && typeof head.epoch === 'string' && typeof head.hash === 'string' ? (head as ExportedHead) : null;
  } catch {
    return null;
  }
}

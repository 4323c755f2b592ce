import { OthersFirst } from './unit-of-work.js';

/**
 * What an error means for its transaction. `conflict`: the server chose it to give way, and it may be run again. `others`:
 * it gives way by itself. `lost`: the connection cannot be used any more. `full`: the server has no room for it now. `other`:
 * the statement itself is wrong, and stays so.
 */
export type Fault = 'conflict' | 'others' | 'lost' | 'full' | 'other';

interface DriverError {
  errno?: number;
  code?: string;
  fatal?: boolean;
}

const CONFLICTS = new Set([
  1213, // Deadlock; of a cluster: another node certified first.
  1205, // Waited too long for a lock.
  1020, // The row has changed since the snapshot.
  1317, // The statement was interrupted.
]);

/** A server that says this is going, or is one on which nothing can be written: another one may serve. */
const OUT_OF_SERVICE = new Set([
  1047, // A cluster's node that has no majority.
  1053, // Shutting down.
  1290, // Read only.
  1836,
]);

/** Only this connection is lost. */
const GOING = new Set([
  ...OUT_OF_SERVICE,
  1180, // It failed at the commit: what became of it is not known.
  1927, // The connection was killed.
  4031, // It was idle for too long.
]);

/** Somebody has to make room; until then the work is no worse than it was. */
const FULL = new Set([
  1021, // The disk.
  1026, // A file could not be written.
  1037, // Memory.
  1040, // Connections.
  1041, // Memory.
  1114, // A table cannot grow: the disk again.
]);

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

export function faultOf(error: unknown): Fault {
  if (error instanceof OthersFirst) return 'others';
  const { errno, code, fatal } = (error ?? {}) as DriverError;
  if (errno !== undefined && CONFLICTS.has(errno)) return 'conflict';
  if (errno !== undefined && GOING.has(errno)) return 'lost';
  if (errno !== undefined && FULL.has(errno)) return 'full';
  return fatal === true || (code !== undefined && UNREACHABLE.has(code)) ? 'lost' : 'other';
}

/** What the server said, or that it says nothing, is a reason to go to another one. */
export function isOutOfService(error: unknown): boolean {
  const { errno, code } = (error ?? {}) as DriverError;
  return (errno !== undefined && OUT_OF_SERVICE.has(errno)) || code === 'ETIMEDOUT';
}

/** The server keeps as many prepared statements as it may, for whomever; it takes the statement as a text all the same. */
export const isOutOfPrepared = (error: unknown): boolean => (error as DriverError | undefined)?.errno === 1461;

export const isDuplicateKey = (error: unknown): boolean => (error as DriverError | undefined)?.errno === 1062;

/** For logs: what the server said, without the values that it repeats. */
export function reasonOf(error: unknown): string {
  const { errno, code } = (error ?? {}) as DriverError;
  const message = error instanceof Error ? error.message : String(error);
  return [errno ?? code, message.replaceAll(/'[^']*'/g, `'…'`)].filter(Boolean).join(' ');
}

import { StorageUnavailable } from './unit-of-work.js';

/** The disk is full or refuses, memory is short, or somebody else holds the file: no fault of the statement's. */
const OUTAGE = /^SQLITE_(FULL|IOERR|BUSY|CANTOPEN|NOMEM|READONLY)/;

export function outageIn(error: unknown): StorageUnavailable | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && OUTAGE.test(code) ? new StorageUnavailable(code) : undefined;
}

import { randomUUID } from 'node:crypto';

/** For calls whose caller names none, because something else makes them idempotent (a source's own id). */
export const newCommandId = (): string => randomUUID();

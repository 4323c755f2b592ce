import type { ErrorCode } from '@minqing-hub/client-sdk/protocol';
import type { Refusal } from './result.js';

/** A guard's "no": code, a Chinese sentence fit to show, the clause, and the payload's field if one is to blame. */
export const no = (code: ErrorCode, message: string, clause: string, field?: string): Refusal => ({
  code,
  message,
  clause,
  ...(field === undefined ? {} : { field }),
});

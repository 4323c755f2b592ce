import type { ErrorCode } from '@minqing-hub/client-sdk/protocol';

/** The rule book says no: a code, a Chinese sentence fit to show, the payload's field and the clause that forbids it. */
export interface Refusal {
  code: ErrorCode;
  message: string;
  field?: string;
  clause?: string;
}

export type Result<T> = { ok: true; value: T } | { ok: false; error: Refusal };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const refuse = (
  code: ErrorCode,
  message: string,
  more: { field?: string; clause?: string } = {},
): Result<never> => ({
  ok: false,
  error: { code, message, ...more },
});

import type { ErrorCode, HubError } from '@minqing-hub/client-sdk/protocol';

/** An expected "no" of the edge (who, form, too often). The exception filter turns it into a problem answer. */
export class HubException extends Error {
  readonly error: HubError;
  /** For `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    more: { field?: string; clause?: string; retryAfterMs?: number; retryAfterSeconds?: number } = {},
  ) {
    super(code);
    const { retryAfterSeconds, ...named } = more;
    this.error = { code, message, ...named };
    if (retryAfterSeconds !== undefined) this.error.retryAfterMs = retryAfterSeconds * 1_000;
    const { retryAfterMs } = this.error;
    this.retryAfterSeconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1_000);
  }
}

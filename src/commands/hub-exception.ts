import type { ErrorCode, HubError } from '@minqing-hub/client-sdk/protocol';

/** An expected "no" of the edge (who, form, too often). The exception filter turns it into a problem answer. */
export class HubException extends Error {
  readonly error: HubError;
  /** For `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    more: { field?: string; clause?: string; retryAfterSeconds?: number } = {},
  ) {
    super(code);
    const { retryAfterSeconds, ...named } = more;
    this.error = { code, message, ...named };
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

import type { ErrorCode, HubError, Problem } from '../protocol/index.js';

/** What `http`, `login` and `ready` throw. `message` is Chinese and fit to show; `status` is 0 when no answer came. */
export class HubProblem extends Error implements HubError {
  override readonly name = 'HubProblem';
  readonly code: ErrorCode;
  readonly field?: string;
  readonly clause?: string;
  readonly retryAfterMs?: number;
  readonly incident?: string;

  constructor(
    error: HubError,
    readonly status = 0,
    readonly problem: Problem | null = null,
  ) {
    super(error.message);
    this.code = error.code;
    if (error.field !== undefined) this.field = error.field;
    if (error.clause !== undefined) this.clause = error.clause;
    if (error.retryAfterMs !== undefined) this.retryAfterMs = error.retryAfterMs;
    if (error.incident !== undefined) this.incident = error.incident;
  }
}

export const NO_ANSWER: HubError = { code: 'unavailable', message: '枢纽没有应答，请稍后再试' };
export const SIGNED_OUT: HubError = { code: 'unauthenticated', message: '尚未登录或登录已失效，请重新登录' };

import type { Problem } from '../protocol/index.js';
import { HubProblem, NO_ANSWER } from './hub-problem.js';
import type { HubTime } from './hub-time.js';

export interface HttpOptions {
  query?: Record<string, string | number | boolean | null | undefined>;
  headers?: Record<string, string>;
  /** Of `body`, when it is text: `text/csv`, `application/x-ndjson` … */
  contentType?: string;
  signal?: AbortSignal;
}

/** Calls of the hub's HTTP interface with the session's token. Every failure is a `HubProblem`. */
export interface HubHttp {
  get<T>(path: string, options?: HttpOptions): Promise<T>;
  /** Text is sent as it is, anything else as JSON. */
  post<T>(path: string, body?: unknown, options?: HttpOptions): Promise<T>;
}

/** What calls need of the session. */
export interface TokenSource {
  readonly token: string | null;
  /** True when there is another token to try with. */
  renewed(): Promise<boolean>;
}

export class FetchHttp implements HubHttp {
  constructor(
    private readonly url: string,
    private readonly time: HubTime,
    private readonly tokens: TokenSource,
  ) {}

  get<T>(path: string, options: HttpOptions = {}): Promise<T> {
    return this.call<T>('GET', path, undefined, options);
  }

  post<T>(path: string, body?: unknown, options: HttpOptions = {}): Promise<T> {
    return this.call<T>('POST', path, body, options);
  }

  /** Without asking for another token when the hub does not take this one. */
  async once<T>(method: string, path: string, body: unknown, options: HttpOptions, token: string | null): Promise<T> {
    const askedAt = this.time.ticks();
    const response = await this.fetch(method, path, body, options, token);
    this.time.answerDate(response.headers.get('date'), askedAt);
    const text = await response.text().catch(() => '');
    if (!response.ok) throw problemOf(response.status, text);
    const json =
      response.headers.get('content-type')?.includes('json') &&
      !response.headers.get('content-type')?.includes('ndjson');
    return (json ? JSON.parse(text) : text) as T;
  }

  private async call<T>(method: string, path: string, body: unknown, options: HttpOptions): Promise<T> {
    try {
      return await this.once<T>(method, path, body, options, this.tokens.token);
    } catch (problem) {
      const expired = problem instanceof HubProblem && problem.status === 401 && this.tokens.token !== null;
      if (!expired || !(await this.tokens.renewed())) throw problem;
      return this.once<T>(method, path, body, options, this.tokens.token);
    }
  }

  private async fetch(
    method: string,
    path: string,
    body: unknown,
    { query, headers, contentType, signal }: HttpOptions,
    token: string | null,
  ): Promise<Response> {
    const given = Object.entries(query ?? {}).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, String(value)] as [string, string]],
    );
    const search = given.length > 0 ? `?${new URLSearchParams(given).toString()}` : '';
    try {
      return await fetch(`${this.url}${path}${search}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    } catch {
      throw new HubProblem(NO_ANSWER);
    }
  }
}

function problemOf(status: number, text: string): HubProblem {
  try {
    const problem = JSON.parse(text) as Problem;
    if (typeof problem.code === 'string' && typeof problem.message === 'string')
      return new HubProblem(problem, status, problem);
  } catch {
    // Not the hub's own answer (a proxy's page, say).
  }
  return new HubProblem(NO_ANSWER, status);
}

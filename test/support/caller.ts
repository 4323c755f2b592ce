import { randomUUID } from 'node:crypto';
import type { CommandName, CommandPayload, CommandResult, HubError, Session } from '@minqing-hub/client-sdk/protocol';
import { PASSWORD } from './consoles.js';

/** What a hub answers is looked at, not trusted: tests say what they expect of it. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Called<T = Json> {
  status: number;
  body: T;
}

/** A program that speaks to the hub over HTTP, as somebody. */
export class Caller {
  private constructor(
    readonly url: string,
    /** Headers that say who it is. */
    readonly credentials: Record<string, string>,
  ) {}

  static async login(url: string, username: string): Promise<Caller> {
    const { body, status } = await new Caller(url, {}).post<Session>('/api/auth/login', {
      username,
      password: PASSWORD,
    });
    if (status !== 200) throw new Error(`${username} could not log in: ${JSON.stringify(body)}`);
    return new Caller(url, { authorization: `Bearer ${body.token}` });
  }

  static withKey(url: string, apiKey: string): Caller {
    return new Caller(url, { 'x-api-key': apiKey });
  }

  static withToken(url: string, token: string): Caller {
    return new Caller(url, { authorization: `Bearer ${token}` });
  }

  static stranger(url: string): Caller {
    return new Caller(url, {});
  }

  get<T = Json>(path: string): Promise<Called<T>> {
    return this.send('GET', path);
  }

  post<T = Json>(path: string, body: unknown): Promise<Called<T>> {
    return this.send('POST', path, JSON.stringify(body), 'application/json');
  }

  async send<T = Json>(
    method: string,
    path: string,
    body?: string | Buffer | AsyncIterable<Uint8Array>,
    contentType?: string,
  ): Promise<Called<T>> {
    const response = await this.open(method, path, body, contentType);
    const text = await response.text();
    const json = /json\b/.test(response.headers.get('content-type') ?? '') && !text.includes('\n');
    return { status: response.status, body: (json ? JSON.parse(text) : text) as T };
  }

  /** The answer as it comes, for what is streamed. */
  open(
    method: string,
    path: string,
    body?: string | Buffer | AsyncIterable<Uint8Array>,
    contentType?: string,
  ): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: { ...this.credentials, ...(contentType && { 'content-type': contentType }) },
      body: body as never,
      ...(body !== undefined && { duplex: 'half' }),
    });
  }

  /** Issues a command and answers its result; a refusal fails the test with what it said. */
  async act<N extends CommandName>(name: N, payload: CommandPayload<N>): Promise<CommandResult<N>> {
    const { status, body } = await this.post('/api/commands', { name, commandId: randomUUID(), payload });
    if (status !== 200) throw new Error(`${name} was refused: ${JSON.stringify(body)}`);
    return (body as { result: CommandResult<N> }).result;
  }

  /** Issues a command that must be refused, and answers why. */
  async refusedTo<N extends CommandName>(name: N, payload: CommandPayload<N>): Promise<HubError & { status: number }> {
    const { status, body } = await this.post('/api/commands', { name, commandId: randomUUID(), payload });
    if (status === 200) throw new Error(`${name} was not refused`);
    return body as HubError & { status: number };
  }
}

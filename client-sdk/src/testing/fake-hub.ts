import type {
  Card,
  CardKey,
  CommandAnswer,
  CommandName,
  CommandPayload,
  CommandResult,
  HubError,
  HubEvent,
  RoomName,
  Session,
} from '../protocol/index.js';
import type { CommandOptions, Connection, Hub } from '../client/hub.js';
import type { HttpOptions, HubHttp } from '../client/hub-http.js';
import { HubProblem } from '../client/hub-problem.js';
import { Listeners, type Stop } from '../client/listeners.js';
import { RoomFeed } from '../client/room-feed.js';
import type { RoomHandle } from '../client/room-handle.js';

export interface SentCommand<N extends CommandName = CommandName> {
  name: N;
  payload: CommandPayload<N>;
  commandId: string;
}

type Reply<N extends CommandName> = CommandResult<N> | { ok: false; error: HubError };
type HttpReply = (body: unknown, options: HttpOptions) => unknown;

const EPOCH = 'fake';
const NOT_PREPARED: HubError = { code: 'not_found', message: '测试中未准备此应答' };

/** A hub in memory for tests of consoles: what a test puts in is what the console sees; it has no rules of its own. */
export class FakeHub implements Hub {
  session: Session | null = null;
  connection: Connection = 'live';
  /** Everything the console has commanded, in order. */
  readonly commands: SentCommand[] = [];
  readonly http: HubHttp = {
    get: <T>(path: string, options: HttpOptions = {}) => this.httpReply<T>(`GET ${path}`, undefined, options),
    post: <T>(path: string, body?: unknown, options: HttpOptions = {}) =>
      this.httpReply<T>(`POST ${path}`, body, options),
  };
  private readonly feeds = new Map<RoomName, RoomFeed>();
  private readonly answers = new Map<
    CommandName,
    (payload: never) => Reply<CommandName> | Promise<Reply<CommandName>>
  >();
  private readonly httpReplies = new Map<string, HttpReply>();
  private readonly accounts = new Map<string, { password: string; session: Session }>();
  private readonly sessions = new Listeners<[Session | null]>();
  private readonly connections = new Listeners<[Connection]>();
  private events = 0;

  /** `now`: the hub's time, ms UTC. */
  constructor(private now: () => number = () => 0) {}

  // What the test prepares and does.

  account(username: string, password: string, session: Session): void {
    this.accounts.set(username, { password, session });
  }

  /** Brings a card in, or puts another in its place; told as an event like the hub's. */
  put(room: RoomName, key: CardKey, card: Card, told: Partial<HubEvent> = {}): void {
    this.tell(room, { ...told, data: { ...told.data, card: { key, op: 'enter', card } } });
  }

  take(room: RoomName, key: CardKey, told: Partial<HubEvent> = {}): void {
    this.tell(room, { ...told, data: { ...told.data, card: { key, op: 'gone' } } });
  }

  /** An event as it is; `data.card` does to the cards what it says. */
  tell(room: RoomName, event: Partial<HubEvent>): void {
    const feed = this.feed(room);
    this.events += 1;
    const whole: HubEvent = {
      id: `fake-${this.events}`,
      type: 'order.progressed',
      at: this.now(),
      actor: 'system',
      data: {},
      ...event,
    };
    feed.apply({ room, epoch: EPOCH, from: feed.store.offset + 1, events: [whole] });
  }

  latest(room: RoomName, key: string, data: unknown): void {
    const feed = this.feed(room);
    feed.acceptAnyLatest();
    feed.takeLatest({ room, key, version: 1, data });
  }

  /** How a command is answered: with its result, or a refusal. */
  answer<N extends CommandName>(name: N, reply: (payload: CommandPayload<N>) => Reply<N> | Promise<Reply<N>>): void {
    this.answers.set(name, reply);
  }

  /** `call`: `GET /api/orders/…`, without the query. A thrown `HubProblem` reaches the caller. */
  onHttp(call: `GET ${string}` | `POST ${string}`, reply: HttpReply): void {
    this.httpReplies.set(call, reply);
  }

  setConnection(connection: Connection): void {
    this.connection = connection;
    for (const feed of this.feeds.values()) {
      if (feed.state === 'revoked' || feed.state === 'refused') continue;
      feed.turn(connection === 'live' ? 'live' : connection === 'offline' ? 'offline' : 'subscribing');
    }
    this.connections.tell(connection);
  }

  revoke(room: RoomName): void {
    const feed = this.feed(room);
    feed.clear();
    feed.turn('revoked', new HubProblem({ code: 'forbidden', message: '权限已变更，不能再查看此内容' }));
  }

  refuse(room: RoomName, error: HubError): void {
    this.feed(room).turn('refused', new HubProblem(error));
  }

  setNow(now: number): void {
    this.now = () => now;
  }

  // What the console uses.

  onSession(listener: (session: Session | null) => void): Stop {
    return this.sessions.add(listener);
  }

  async login(username: string, password: string): Promise<Session> {
    const account = this.accounts.get(username);
    if (account?.password !== password)
      throw new HubProblem({ code: 'credentials_wrong', message: '用户名或密码错误' }, 401);
    this.useSession(account.session);
    return account.session;
  }

  useSession(session: Session): void {
    this.session = session;
    this.sessions.tell(session);
  }

  async changePassword(oldPassword: string, newPassword: string): Promise<void> {
    const account = [...this.accounts.values()].find(({ session }) => session === this.session);
    if (account?.password !== oldPassword)
      throw new HubProblem({ code: 'credentials_wrong', message: '原密码不对', field: 'oldPassword' }, 401);
    account.password = newPassword;
  }

  logout(): void {
    this.session = null;
    this.sessions.tell(null);
  }

  onConnection(listener: (connection: Connection) => void): Stop {
    return this.connections.add(listener);
  }

  room(name: RoomName): RoomHandle {
    return this.feed(name).handle(() => {});
  }

  async command<N extends CommandName>(
    name: N,
    payload: CommandPayload<N>,
    { commandId = `fake-command-${this.commands.length + 1}` }: CommandOptions = {},
  ): Promise<CommandAnswer<N>> {
    this.commands.push({ name, payload, commandId });
    const reply = this.answers.get(name);
    if (!reply) return { ok: false, error: NOT_PREPARED };
    const answered = (await reply(payload as never)) as Reply<N>;
    const refusal = answered as { ok?: unknown; error?: HubError };
    if (refusal.ok === false && refusal.error) return { ok: false, error: refusal.error };
    return { ok: true, result: answered as CommandResult<N> };
  }

  hubNow(): number {
    return this.now();
  }

  close(): void {
    this.feeds.clear();
  }

  private feed(name: RoomName): RoomFeed {
    let feed = this.feeds.get(name);
    if (!feed) {
      feed = new RoomFeed(name);
      feed.replace(EPOCH, 0, []);
      feed.turn(this.connection === 'live' ? 'live' : this.connection === 'offline' ? 'offline' : 'subscribing');
      this.feeds.set(name, feed);
    }
    return feed;
  }

  private async httpReply<T>(call: string, body: unknown, options: HttpOptions): Promise<T> {
    const reply = this.httpReplies.get(call);
    if (!reply) throw new HubProblem(NOT_PREPARED, 404);
    return (await reply(body, options)) as T;
  }
}

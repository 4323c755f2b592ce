import type {
  CommandAnswer,
  CommandCall,
  CommandName,
  CommandPayload,
  HubError,
  RoomName,
  Session,
  SubscribeAnswer,
  SubscribeCall,
} from '../protocol/index.js';
import { after } from './after.js';
import { CommandOutbox } from './command-outbox.js';
import type { CommandOptions, Connection, Hub } from './hub.js';
import { FetchHttp, type HubHttp } from './hub-http.js';
import { HubProblem, SIGNED_OUT } from './hub-problem.js';
import { HubSocket, type SocketOwner } from './hub-socket.js';
import { HubTime } from './hub-time.js';
import { Listeners, type Stop } from './listeners.js';
import { newCommandId } from './new-command-id.js';
import type { RoomHandle } from './room-handle.js';
import { RoomSubscription } from './room-subscription.js';
import { SessionKeeper, type SessionStorage } from './session-keeper.js';

export interface HubClientOptions {
  /** `http://host:port`; in a browser the page's own origin when left out. */
  url?: string;
  /** For jitter only; 0 ≤ x < 1. */
  random?: () => number;
  /** Keeps the session over a reload of the page: `sessionStorage` fits. */
  storage?: SessionStorage;
  time?: HubTime;
}

const ANSWER_MS = 10_000;

/**
 * A console's or a program's connection to the hub: logs in and stays logged in, keeps rooms equal to the hub's, and
 * brings every command to an answer. Cuts, restarts and repeated packets are its own business.
 */
export class HubClient implements Hub {
  readonly http: HubHttp;
  private readonly time: HubTime;
  private readonly fetch: FetchHttp;
  private readonly keeper: SessionKeeper;
  private readonly socket: HubSocket;
  private readonly outbox: CommandOutbox;
  private readonly rooms = new Map<string, RoomSubscription>();
  private readonly connections = new Listeners<[Connection]>();
  private readonly random: () => number;
  private told: Connection = 'offline';
  private closed = false;

  constructor(options: HubClientOptions = {}) {
    const url = (options.url ?? '').replace(/\/+$/, '');
    this.random = options.random ?? Math.random;
    this.time = options.time ?? new HubTime();
    this.keeper = new SessionKeeper(this.time, (session) => this.refresh(session), this.random, options.storage);
    this.fetch = new FetchHttp(url, this.time, this.tokens());
    this.http = this.fetch;
    this.socket = new HubSocket(url, this.time, this.random, this.socketOwner());
    this.outbox = new CommandOutbox(this.commandLink(), this.time, () => this.keeper.renew());
    this.keeper.renewals.add(({ token }) => this.socket.ask('renew', { token }, ANSWER_MS, () => {}));
    this.keeper.changes.add((session) => session === null && this.signedOut());

    const stored = this.keeper.stored();
    if (stored) this.useSession(stored);
  }

  get session(): Session | null {
    return this.keeper.session;
  }

  get connection(): Connection {
    // A hub that said goodbye has told when to come back: nobody is cut off meanwhile.
    if (!this.socket.up) return this.socket.moving ? 'catching_up' : 'offline';
    const waiting = [...this.rooms.values()].some(
      ({ feed }) => feed.state === 'subscribing' || feed.state === 'offline',
    );
    return waiting ? 'catching_up' : 'live';
  }

  onSession(listener: (session: Session | null) => void): Stop {
    return this.keeper.changes.add(listener);
  }

  onConnection(listener: (connection: Connection) => void): Stop {
    return this.connections.add(listener);
  }

  async login(username: string, password: string): Promise<Session> {
    const session = await this.fetch.once<Session>('POST', '/api/auth/login', { username, password }, {}, null);
    this.useSession(session);
    return session;
  }

  useSession(session: Session): void {
    if (this.closed) return;
    const before = this.keeper.session;
    if (before && before.actor.userId === session.actor.userId && this.socket.up) {
      this.keeper.begin(session);
      return this.socket.ask('renew', { token: session.token }, ANSWER_MS, () => {});
    }
    if (before && before.actor.userId !== session.actor.userId) this.signedOut();
    this.keeper.begin(session);
    this.socket.start();
  }

  changePassword(oldPassword: string, newPassword: string): Promise<void> {
    const body = { oldPassword, newPassword };
    return this.keeper.replace(({ token }) => this.fetch.once('POST', '/api/auth/password', body, {}, token));
  }

  logout(): void {
    this.keeper.end();
  }

  room(name: RoomName): RoomHandle {
    let subscription = this.rooms.get(name);
    if (!subscription) {
      subscription = new RoomSubscription(name, this.roomLink());
      subscription.feed.changes.add(() => this.tellConnection());
      this.rooms.set(name, subscription);
    }
    const { state } = subscription.feed;
    subscription.readers += 1;
    if (state !== 'live' && state !== 'subscribing') subscription.start(true);
    const mine = subscription;
    return mine.feed.handle(() => this.closeRoom(mine));
  }

  command<N extends CommandName>(
    name: N,
    payload: CommandPayload<N>,
    { commandId = newCommandId() }: CommandOptions = {},
  ): Promise<CommandAnswer<N>> {
    if (this.session === null) return Promise.resolve({ ok: false, error: SIGNED_OUT });
    return this.outbox.send({ name, commandId, payload });
  }

  hubNow(): number {
    return this.time.now();
  }

  close(): void {
    this.closed = true;
    this.keeper.close();
    this.socket.stop();
    this.outbox.abandon(CLOSED);
    for (const subscription of this.rooms.values()) subscription.close(new HubProblem(CLOSED));
  }

  /** As if the network had failed for a moment: for trials. */
  cut(): void {
    this.socket.cut();
  }

  private closeRoom(subscription: RoomSubscription): void {
    subscription.readers -= 1;
    if (subscription.readers > 0) return;
    const room = subscription.feed.name;
    subscription.end();
    this.rooms.delete(room);
    if (this.socket.up) this.socket.ask('unsubscribe', { room }, ANSWER_MS, () => {});
    this.tellConnection();
  }

  private signedOut(): void {
    this.socket.stop();
    this.outbox.abandon(SIGNED_OUT);
    for (const subscription of this.rooms.values()) subscription.reset();
    this.tellConnection();
  }

  private async roomRevoked(room: string, code: string): Promise<void> {
    const subscription = this.rooms.get(room);
    if (!subscription) return;
    if (code !== 'session_ended') return subscription.revoked(new HubProblem(RIGHTS_LOST));
    subscription.reset();
    if ((await this.keeper.renew()) && subscription.feed.state === 'offline') subscription.start(false);
  }

  private refresh(session: Session): Promise<Session> {
    return this.fetch.once<Session>('POST', '/api/auth/refresh', {}, {}, session.token);
  }

  private tellConnection(): void {
    const { connection } = this;
    if (connection === this.told) return;
    this.told = connection;
    this.connections.tell(connection);
  }

  private tokens(): { readonly token: string | null; renewed: () => Promise<boolean> } {
    const { keeper } = this;
    return {
      get token() {
        return keeper.session?.token ?? null;
      },
      renewed: () => keeper.renew(),
    };
  }

  private roomLink() {
    const { socket, random } = this;
    return {
      get up() {
        return socket.up;
      },
      random,
      after,
      subscribe: (call: SubscribeCall, answer: (answer: SubscribeAnswer | null) => void) =>
        socket.ask('subscribe', call, ANSWER_MS, answer),
    };
  }

  private commandLink() {
    const { socket, random } = this;
    return {
      get up() {
        return socket.up;
      },
      random,
      after,
      command: (call: CommandCall, answer: (answer: CommandAnswer | null) => void) =>
        socket.ask('command', call, ANSWER_MS, answer),
    };
  }

  private socketOwner(): SocketOwner {
    const { keeper, rooms } = this;
    return {
      get token() {
        return keeper.session?.token ?? null;
      },
      up: () => {
        for (const subscription of [...rooms.values()]) subscription.start(false);
        this.outbox.flush();
        this.tellConnection();
      },
      down: () => {
        for (const subscription of [...rooms.values()]) subscription.down();
        this.tellConnection();
      },
      tokenRefused: () => keeper.renew(),
      frame: (frame) => rooms.get(frame.room)?.frame(frame),
      snapshotPart: (part) => rooms.get(part.room)?.part(part),
      latest: (latest) => rooms.get(latest.room)?.latest(latest),
      resync: (room) => rooms.get(room)?.resync(),
      revoked: (room, code) => void this.roomRevoked(room, code),
    };
  }
}

const CLOSED: HubError = { code: 'unavailable', message: '连接已关闭' };
const RIGHTS_LOST: HubError = { code: 'forbidden', message: '权限已变更，不能再查看此内容' };

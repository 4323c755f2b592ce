import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import type {
  Answer,
  Card,
  CardChange,
  CardKey,
  ClientToHub,
  CommandAnswer,
  CommandCall,
  Frame,
  HubError,
  HubEvent,
  HubToClient,
  Session,
  SubscribeAnswer,
  SubscribeCall,
} from '@minqing-hub/client-sdk/protocol';

interface Room {
  cards: Map<CardKey, Card>;
  log: HubEvent[];
}
type Console = Socket<ClientToHub, HubToClient>;

/**
 * A small hub for trials of the client: it speaks the whole protocol over real sockets and lets a test do to the line
 * what happens to lines. It knows no rules: cards are what a test writes.
 */
export class MiniHub {
  epoch = 'e1';
  /** Snapshots come in this many parts. */
  parts = 1;
  /** The next frames are told so; after that as they are. */
  faults: ('lost' | 'twice' | 'overlapping')[] = [];
  refusals = new Map<string, HubError>();
  /** Called for each command that comes for the first time. */
  carryOut: (call: CommandCall) => CommandAnswer = ({ commandId }) => ({
    ok: true,
    result: { orderNo: commandId, version: 1 },
  });
  /** The next commands are carried out, but their callers are cut off before the answer. */
  cutBeforeAnswer = 0;
  /** The next commands are answered so, and nothing is carried out. */
  passing: HubError[] = [];
  readonly commands: CommandCall[] = [];
  readonly subscribes: SubscribeCall[] = [];
  readonly unsubscribed: string[] = [];
  readonly renewed: string[] = [];
  readonly connectionsAt: number[] = [];
  /** ms added to the hub's clock. */
  ahead = 0;
  tokenLifeMs = 3_600_000;
  refreshRefused = false;
  private readonly validTokens = new Set<string>();
  private readonly answers = new Map<string, CommandAnswer>();
  private readonly rooms = new Map<string, Room>();
  private tokens = 0;
  private written = 0;

  private constructor(
    private readonly http: HttpServer,
    readonly io: Server<ClientToHub, HubToClient>,
  ) {
    http.on('request', (request, response) => void this.request(request, response));
    io.use((socket, next) => {
      const data: HubError = { code: 'unauthenticated', message: '请重新登录' };
      const known = this.validTokens.has(socket.handshake.auth.token as string);
      next(known ? undefined : Object.assign(new Error(data.message), { data }));
    });
    io.on('connection', (socket) => this.welcome(socket));
  }

  /** `port` 0: any free one. */
  static async start(port = 0): Promise<MiniHub> {
    const http = createServer();
    const io = new Server<ClientToHub, HubToClient>(http);
    const hub = new MiniHub(http, io);
    await new Promise<void>((listening) => http.listen(port, '127.0.0.1', listening));
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get now(): number {
    return Date.now() + this.ahead;
  }

  async stop(): Promise<void> {
    await this.io.close();
  }

  cards(room: string): Record<CardKey, Card> {
    return Object.fromEntries(this.room(room).cards);
  }

  head(room: string): number {
    return this.room(room).log.length;
  }

  put(room: string, key: CardKey, card: Card): void {
    this.write(room, { key, op: 'enter', card });
  }

  write(room: string, change?: CardChange): void {
    const { cards, log } = this.room(room);
    if (change?.op === 'enter') cards.set(change.key, change.card);
    if (change?.op === 'change') cards.set(change.key, { ...cards.get(change.key), ...change.fields } as Card);
    if (change?.op === 'gone') cards.delete(change.key);
    this.written += 1;
    const data = change ? { card: change } : {};
    log.push({ id: `ev${this.written}`, type: 'seat.presence_changed', at: this.now, actor: 'a', data });
    const fault = this.faults.shift();
    if (fault === 'lost') return;
    const from = fault === 'overlapping' ? Math.max(1, log.length - 3) : log.length;
    for (let times = fault === 'twice' ? 2 : 1; times > 0; times -= 1) {
      this.io.to(room).emit('frame', this.frame(room, from));
    }
  }

  latest(room: string, key: string, version: number, data: unknown): void {
    this.io.to(room).emit('latest', { room, key, version, data });
  }

  pulse(): void {
    this.io.emit('pulse', { now: this.now, tailLagMs: 0 });
  }

  revoke(room: string): void {
    this.io.to(room).emit('revoked', { room, code: 'rights_changed' });
    this.io.socketsLeave(room);
  }

  /** Leaves out what comes, as for a console that is too slow, until it subscribes again. */
  resync(room: string): void {
    this.io.to(room).emit('resync', { room, code: 'slow_console' });
    this.io.socketsLeave(room);
  }

  goaway(retryAfterMs: number): void {
    this.io.emit('goaway', { retryAfterMs });
  }

  /** The line fails under every console. */
  cutAll(): void {
    for (const socket of this.io.sockets.sockets.values()) socket.conn.close();
  }

  forgetTokens(): void {
    this.validTokens.clear();
  }

  /** Another log: what was before is gone. */
  restore(epoch: string): void {
    this.epoch = epoch;
    this.rooms.clear();
    this.cutAll();
  }

  private room(name: string): Room {
    let room = this.rooms.get(name);
    if (!room) this.rooms.set(name, (room = { cards: new Map(), log: [] }));
    return room;
  }

  private frame(room: string, from: number): Frame {
    return { room, epoch: this.epoch, from, events: this.room(room).log.slice(from - 1) };
  }

  private session(userId: string): Session {
    this.tokens += 1;
    const token = `token-${this.tokens}`;
    this.validTokens.add(token);
    const expiresAt = this.now + this.tokenLifeMs;
    return { token, expiresAt, actor: { userId, name: userId, roles: ['agent'], unitId: null } };
  }

  private welcome(socket: Console): void {
    this.connectionsAt.push(performance.now());
    socket.on('subscribe', (call, ack) => this.subscribe(socket, call, ack));
    socket.on('unsubscribe', ({ room }, ack) => {
      this.unsubscribed.push(room);
      void socket.leave(room);
      ack({ ok: true });
    });
    socket.on('renew', ({ token }, ack: (answer: Answer<{ expiresAt: number }>) => void) => {
      this.renewed.push(token);
      ack({ ok: true, expiresAt: this.now + this.tokenLifeMs });
    });
    socket.on('command', (call, ack) => this.command(socket, call, ack));
  }

  private subscribe(socket: Console, call: SubscribeCall, ack: (answer: SubscribeAnswer) => void): void {
    this.subscribes.push(call);
    const { room: name } = call;
    const error = this.refusals.get(name);
    if (error) return ack({ ok: false, error });
    const { cards, log } = this.room(name);
    const { epoch } = this;
    if (call.epoch === epoch && call.offset !== undefined && call.offset <= log.length) {
      ack({ ok: true, mode: 'resumed', epoch, offset: call.offset });
      if (call.offset < log.length) socket.emit('frame', this.frame(name, call.offset + 1));
    } else {
      const part = (n: number): Record<CardKey, Card> =>
        Object.fromEntries([...cards].filter((_, i) => i % this.parts === n - 1));
      ack({ ok: true, mode: 'snapshot', epoch, offset: log.length, snapshot: { cards: part(1) }, parts: this.parts });
      for (let n = 2; n <= this.parts; n += 1) {
        socket.emit('snapshotPart', {
          room: name,
          epoch,
          offset: log.length,
          part: n,
          parts: this.parts,
          cards: part(n),
        });
      }
    }
    void socket.join(name);
  }

  private command(socket: Console, call: CommandCall, ack: (answer: CommandAnswer) => void): void {
    this.commands.push(call);
    const error = this.passing.shift();
    if (error) return ack({ ok: false, error });
    let answer = this.answers.get(call.commandId);
    if (!answer) this.answers.set(call.commandId, (answer = this.carryOut(call)));
    if (this.cutBeforeAnswer > 0) {
      this.cutBeforeAnswer -= 1;
      socket.conn.close();
      return;
    }
    ack(answer);
  }

  private async request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/socket.io')) return;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const say = (status: number, answer: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json', date: new Date(this.now).toUTCString() });
      response.end(JSON.stringify(answer));
    };
    const refuse = (code: HubError['code'], message: string): void =>
      say(401, { type: 'about:blank', title: code, status: 401, code, message });
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';

    if (request.url === '/api/auth/login') {
      const { username, password } = JSON.parse(body) as { username: string; password: string };
      if (password === 'demo') return say(200, this.session(username));
      return refuse('credentials_wrong', '用户名或密码错误');
    }
    if (request.url === '/api/auth/refresh') {
      if (this.refreshRefused) return refuse('unauthenticated', '请重新登录');
      return say(200, this.session('u1'));
    }
    if (request.url === '/api/auth/password') {
      const { oldPassword } = JSON.parse(body) as { oldPassword: string };
      if (!this.validTokens.has(token)) return refuse('unauthenticated', '请重新登录');
      if (oldPassword !== 'demo') return refuse('credentials_wrong', '原密码不对');
      // As the hub does it: what the old password opened ends before the answer is read.
      this.validTokens.clear();
      this.io.disconnectSockets(true);
      return say(200, this.session('u1'));
    }
    if (request.url === '/gone') return void response.writeHead(502).end('<html>');
    if (!this.validTokens.has(token)) return refuse('unauthenticated', '请重新登录');
    say(200, { method: request.method, url: request.url, body, contentType: request.headers['content-type'] ?? null });
  }
}

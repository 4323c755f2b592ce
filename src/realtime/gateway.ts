import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { setTimeout as delay } from 'node:timers/promises';
import type { Server as HttpServer } from 'node:http';
import type { HubError } from '@minqing-hub/client-sdk/protocol';
import { Server } from 'socket.io';
import { CommandBus } from '../commands/command-bus.js';
import { RateLimits } from '../commands/rate-limits.js';
import { Policy } from '../config/policy.js';
import { Settings } from '../config/settings.js';
import { Authentication } from '../identity/authentication.js';
import type { TokenClaims } from '../identity/tokens.js';
import { AskedTogether } from '../storage/asked-together.js';
import { Admission } from './admission.js';
import type { ConsoleServer, ConsoleSocket } from './console-socket.js';
import { hangUp, sayGoodbye } from './hang-up.js';
import { OpenRequests } from './open-requests.js';
import { Push } from './push.js';
import type { ReadCall } from './read-call.js';
import { Rooms } from './rooms.js';
import { type Ack, SocketCalls } from './socket-calls.js';
import { SocketWatcher } from './socket-watcher.js';

/** Above this the transport itself hangs up; a call that is too large but smaller gets an answer that says so. */
const MAX_TRANSPORT_BYTES = 1024 * 1024;

/** In which whoever reads has its last answers, and says goodbye itself. */
const FAREWELL_MS = 2_000;
/** Far above what a console has open. */
const MOST_ROOMS = 500;

const refused = (error: HubError) => ({ ok: false, error });
const malformed = (field: string) => refused({ code: 'payload_malformed', message: '内容格式不对', field });
const sessionOver: HubError = { code: 'unauthenticated', message: '登录已失效，请重新登录' };
const leaving: HubError = { code: 'unavailable', message: '系统正在重启，请稍后重连' };
const tooManyEnter: HubError = { code: 'too_many_requests', message: '同时订阅的人过多，请稍后再试', clause: 'LD3' };
const tooManyRooms = refused({
  code: 'too_many_rooms',
  message: `一个连接最多订阅 ${MOST_ROOMS} 个房间，请先退出一些`,
  field: 'room',
  clause: 'LD6',
});
const notAllowed = refused({ code: 'forbidden', message: '没有这个房间，或您无权进入', field: 'room' });

/**
 * The consoles' door. Plain Socket.IO on Nest's HTTP server: a Nest gateway leaves calls without an ack
 * (`docs/adr/0006-plain-socket-io.md`). Every call of a console that is still there is acknowledged; one socket's calls are carried out in order.
 */
@Injectable()
export class Gateway implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Gateway');
  private readonly socketsOf = new Map<string, number>();
  /** Commands of consoles that are being carried out. */
  private readonly working = new Set<Promise<unknown>>();
  private readonly admission = new Admission();
  /** In a line of their own, or nobody would come into a room before all are looked up. [LD2] */
  private readonly arrivals = new AskedTogether((all: readonly TokenClaims[]) => this.authentication.byClaims(all));
  private server!: ConsoleServer;
  private closing = false;

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly bus: CommandBus,
    private readonly authentication: Authentication,
    private readonly rooms: Rooms,
    private readonly push: Push,
    private readonly watcher: SocketWatcher,
    private readonly limits: RateLimits,
    private readonly policy: Policy,
    private readonly settings: Settings,
    private readonly requests: OpenRequests,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const httpServer = this.http.httpAdapter.getHttpServer() as HttpServer;
    this.server = new Server(httpServer, {
      path: '/socket.io',
      serveClient: false,
      maxHttpBufferSize: MAX_TRANSPORT_BYTES,
      pingInterval: 10_000,
      pingTimeout: 10_000,
      perMessageDeflate: false,
    });
    this.server.use((socket, next) => {
      this.admit(socket).then(
        (error) => next(error && Object.assign(new Error(error.message), { data: error })),
        (fault: unknown) => {
          this.log.error('a console could not be admitted', fault as Error);
          const data: HubError = { code: 'unavailable', message: '系统暂时无法登录，请稍后再试' };
          next(Object.assign(new Error(data.message), { data }));
        },
      );
    });
    this.server.on('connection', (socket) => this.welcome(socket));
    await this.push.start(this.server);
  }

  /**
   * Takes nobody on any more, tells the consoles to go, finishes what was begun, flushes the answers, and only then lets
   * the connections go. [LD7]
   */
  async beforeApplicationShutdown(): Promise<void> {
    const http = this.http.httpAdapter.getHttpServer() as HttpServer;
    this.closing = true;
    http.close();
    this.push.sendAllAway();
    // A call that hangs may not keep the hub from ending; what it was about to do rolls back.
    const patience = delay(this.settings.shutdownMs, undefined, { ref: false });
    await Promise.race([Promise.all([...this.working, this.requests.finish()]), patience]);
    const sockets = [...this.server.sockets.sockets.values()];
    const goodbyes = sockets.map(sayGoodbye);
    await Promise.race([Promise.all(goodbyes), patience, delay(FAREWELL_MS, undefined, { ref: false })]);
    // Who has not read its last answers by now does not read, and a batch may stream for hours: its source sends the lines
    // without an answer again.
    for (const socket of sockets) hangUp(socket);
    const closed = this.server.close();
    http.closeAllConnections();
    await closed;
  }

  private async admit(socket: ConsoleSocket): Promise<HubError | undefined> {
    if (this.closing) return leaving;
    const token: unknown = socket.handshake.auth.token;
    const claimed = typeof token === 'string' ? await this.authentication.claimedBy(token) : undefined;
    if (claimed === undefined) return sessionOver;
    const retryAfterMs = Math.ceil(this.admission.ask(claimed.userId, performance.now(), this.admissionRate()));
    if (retryAfterMs > 0) {
      return { code: 'too_many_requests', message: '同时接入的人过多，请稍后再来', clause: 'LD3', retryAfterMs };
    }
    const changes = this.push.changesOf(claimed.userId);
    const found = await this.arrivals.ask(claimed);
    if (!found) return sessionOver;
    if (this.closing) return leaving;
    socket.data = { actor: found.actor, expiresAt: found.expiresAt, changes };
    return undefined;
  }

  private admissionRate() {
    return {
      perSecond: this.policy.number('admission.perSecond'),
      burst: this.policy.number('admission.burst'),
    };
  }

  private welcome(socket: ConsoleSocket): void {
    // Looked up before the log told that the rights are others, which reached those alone who were in: it comes again. [I6]
    if (socket.data.changes !== this.push.changesOf(socket.data.actor.userId)) return void socket.disconnect(true);
    this.push.greet(socket);
    const { userId } = socket.data.actor;
    const count = (this.socketsOf.get(userId) ?? 0) + 1;
    this.socketsOf.set(userId, count);
    if (count === 1) this.watcher.connected(socket.data.actor);

    new SocketCalls(socket, {
      answer: (name, call, ack) => this.answer(socket, name, call, ack),
      refuse: (error, ack) => this.refuse(socket, error, ack),
    });
    socket.on('disconnecting', () => this.push.leaveAll(socket));
    socket.on('disconnect', () => {
      const left = (this.socketsOf.get(userId) ?? 1) - 1;
      if (left > 0) this.socketsOf.set(userId, left);
      else this.socketsOf.delete(userId);
      if (left === 0 && !this.closing) this.watcher.gone(socket.data.actor);
    });
    // Without a listener an event of this name throws; whatever a caller sent with it is not looked at.
    socket.on('error', () => undefined);
    // Let in at the last moment, after all others were told.
    if (this.closing) this.push.sendAway(socket);
  }

  /** Who asks on and on without reading would have every refusal kept for it, for ever: nobody to talk to. */
  private refuse(socket: ConsoleSocket, error: HubError, ack: Ack): void {
    if (this.push.isDeaf(socket)) hangUp(socket);
    else ack(refused(error));
  }

  private async answer(socket: ConsoleSocket, name: string, read: ReadCall, ack: Ack): Promise<void> {
    try {
      // Who does not read is not served more: the next call waits until the last answers are gone.
      await this.push.hasRead(socket);
      // What it asked for and did not wait for is work for nobody, a thousand rooms perhaps; a command was meant. [LD6]
      if (!socket.connected && name !== 'command') return;
      if (this.closing) return ack(refused({ code: 'unavailable', message: '系统正在重启，请稍后重试' }));
      if ('error' in read) return ack(refused(read.error));
      const call = read.args[0];
      if (call === null || typeof call !== 'object' || Array.isArray(call)) return ack(malformed('payload'));
      const body = call as Record<string, unknown>;
      if (name === 'command') return ack(await this.command(socket, body));
      if (name === 'subscribe') return await this.subscribe(socket, body, ack);
      if (name === 'unsubscribe') return ack(this.unsubscribe(socket, body));
      if (name === 'renew') return ack(await this.renew(socket, body));
      return ack(refused({ code: 'unknown_call', message: '没有这个调用' }));
    } catch (error) {
      this.log.error(`the call ${name} failed`, error as Error);
      ack(refused({ code: 'internal', message: '系统内部出错，请稍后重试' }));
    }
  }

  private async command(socket: ConsoleSocket, body: Record<string, unknown>): Promise<unknown> {
    const { name, commandId, payload } = body;
    if (typeof name !== 'string') return malformed('name');
    if (typeof commandId !== 'string') return malformed('commandId');
    const { actor } = socket.data;
    const tooMany = this.limits.refusal('commands', actor.userId);
    if (tooMany) return refused(tooMany);
    const carriedOut = this.bus.execute(actor, { name, commandId, payload });
    this.working.add(carriedOut);
    return carriedOut.finally(() => this.working.delete(carriedOut));
  }

  private async subscribe(socket: ConsoleSocket, body: Record<string, unknown>, ack: Ack): Promise<void> {
    const { room, epoch, offset } = body;
    if (!this.rooms.isName(room)) return ack(refused({ code: 'unknown_room', message: '没有这个房间', field: 'room' }));
    if (epoch !== undefined && typeof epoch !== 'string') return ack(malformed('epoch'));
    if (offset !== undefined && !Number.isSafeInteger(offset)) return ack(malformed('offset'));
    // [LD6]
    if (socket.rooms.size > MOST_ROOMS && !socket.rooms.has(room)) return ack(tooManyRooms);
    const retryAfterMs = this.push.entryWaitMs;
    if (retryAfterMs > 0) return ack(refused({ ...tooManyEnter, retryAfterMs }));
    const may = () => this.rooms.mayEnter(socket.data.actor, room);
    if (!(await may()) && !((await this.push.lookUpRights(socket)) && (await may()))) return ack(notAllowed);

    const from = epoch !== undefined && offset !== undefined ? { epoch, offset: offset as number } : undefined;
    this.push.leave(socket, room);
    await this.push.letIn(socket, room, from, may, (mode, { cards, ...state }) => {
      if (mode === 'refused') ack(notAllowed);
      else if (mode === 'resumed') ack({ ok: true, mode, ...state });
      else ack({ ok: true, mode, ...state, snapshot: { cards } });
    });
  }

  private unsubscribe(socket: ConsoleSocket, body: Record<string, unknown>): unknown {
    if (!this.rooms.isName(body.room)) return refused({ code: 'unknown_room', message: '没有这个房间', field: 'room' });
    this.push.leave(socket, body.room);
    return { ok: true };
  }

  /** A longer life for this connection: the new token must be the same person's. */
  private async renew(socket: ConsoleSocket, body: Record<string, unknown>): Promise<unknown> {
    const found = typeof body.token === 'string' ? await this.authentication.byToken(body.token) : undefined;
    if (found?.userId !== socket.data.actor.userId) {
      return refused({ code: 'unauthenticated', message: '登录已失效，请重新登录', field: 'token' });
    }
    socket.data.expiresAt = found.expiresAt;
    return { ok: true, expiresAt: found.hubExpiresAt };
  }
}

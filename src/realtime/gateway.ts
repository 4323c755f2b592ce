import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { setTimeout as delay } from 'node:timers/promises';
import type { Server as HttpServer } from 'node:http';
import type { HubError } from '@minqing-hub/client-sdk/protocol';
import { Server } from 'socket.io';
import { CommandBus } from '../commands/command-bus.js';
import { Authentication } from '../identity/authentication.js';
import type { ConsoleServer, ConsoleSocket } from './console-socket.js';
import { hangUp } from './hang-up.js';
import { Push } from './push.js';
import { readCall, type ReadCall } from './read-call.js';
import { Rooms } from './rooms.js';
import { SocketWatcher } from './socket-watcher.js';
import { MOST_UNREAD_BYTES, unreadBytes } from './unread-bytes.js';

/** Above this the transport itself hangs up; a call that is too large but smaller gets an answer that says so. */
const MAX_TRANSPORT_BYTES = 1024 * 1024;

/** Calls of one socket that wait for their turn, and what they bring. */
const MAX_WAITING_CALLS = 1_000;
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** A call that hangs may not keep the hub from ending; what it was about to do rolls back. */
const MOST_WAITED_MS = 10_000;

type Ack = (answer: unknown) => void;

const refused = (error: HubError) => ({ ok: false, error });
const malformed = (field: string) => refused({ code: 'payload_malformed', message: '内容格式不对', field });
const notAllowed = refused({ code: 'forbidden', message: '没有这个房间，或您无权进入', field: 'room' });

/**
 * The consoles' door. Plain Socket.IO on Nest's HTTP server: a Nest gateway leaves calls without an ack
 * (`docs/adr/0006-plain-socket-io.md`). Every call is acknowledged; one socket's calls are carried out in order.
 */
@Injectable()
export class Gateway implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Gateway');
  private readonly socketsOf = new Map<string, number>();
  private readonly working = new Set<Promise<void>>();
  private server!: ConsoleServer;
  private closing = false;

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly bus: CommandBus,
    private readonly authentication: Authentication,
    private readonly rooms: Rooms,
    private readonly push: Push,
    private readonly watcher: SocketWatcher,
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

  /** Finishes what was begun, flushes the answers, and only then lets the connections go. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    this.push.sendAway();
    const patience = delay(MOST_WAITED_MS, undefined, { ref: false });
    await Promise.race([Promise.all(this.working), patience]);
    const closed = this.server.close();
    await Promise.race([closed, patience]);
    // A batch may stream for hours: its source sends the lines without an answer again.
    (this.http.httpAdapter.getHttpServer() as HttpServer).closeAllConnections();
    await closed;
  }

  private async admit(socket: ConsoleSocket): Promise<HubError | undefined> {
    if (this.closing) return { code: 'unavailable', message: '系统正在重启，请稍后重连' };
    const token: unknown = socket.handshake.auth.token;
    const found = typeof token === 'string' ? await this.authentication.byToken(token) : undefined;
    if (!found) return { code: 'unauthenticated', message: '登录已失效，请重新登录' };
    socket.data = { actor: found.actor, expiresAt: found.expiresAt };
    return undefined;
  }

  private welcome(socket: ConsoleSocket): void {
    this.push.greet(socket);
    const { userId } = socket.data.actor;
    const count = (this.socketsOf.get(userId) ?? 0) + 1;
    this.socketsOf.set(userId, count);
    if (count === 1) this.watcher.connected(socket.data.actor);

    let last: Promise<void> = Promise.resolve();
    let waiting = 0;
    let waitingBytes = 0;
    socket.onAny((name: string, ...args: unknown[]) => {
      const ack = typeof args.at(-1) === 'function' ? (args.pop() as Ack) : () => undefined;
      if (waiting >= MAX_WAITING_CALLS || waitingBytes >= MAX_WAITING_BYTES) return this.tooMany(socket, ack);
      const call = readCall(args);
      waiting += 1;
      waitingBytes += call.bytes;
      last = last.then(() => this.answer(socket, name, call, ack));
      const mine = last;
      this.working.add(mine);
      void mine.finally(() => {
        waiting -= 1;
        waitingBytes -= call.bytes;
        this.working.delete(mine);
      });
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
  }

  /** Who asks on and on without reading would have every refusal kept for it, for ever: nobody to talk to. */
  private tooMany(socket: ConsoleSocket, ack: Ack): void {
    if (unreadBytes(socket) > MOST_UNREAD_BYTES) hangUp(socket);
    else ack(refused({ code: 'too_many_requests', message: '请求过于频繁，请稍后再试' }));
  }

  private async answer(socket: ConsoleSocket, name: string, read: ReadCall, ack: Ack): Promise<void> {
    try {
      if (this.closing) return ack(refused({ code: 'unavailable', message: '系统正在重启，请稍后重试' }));
      // Who does not read is not served more: the next call waits until the last answers are gone.
      await this.push.hasRead(socket);
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
    return this.bus.execute(socket.data.actor, { name, commandId, payload });
  }

  private async subscribe(socket: ConsoleSocket, body: Record<string, unknown>, ack: Ack): Promise<void> {
    const { room, epoch, offset } = body;
    if (!this.rooms.isName(room)) return ack(refused({ code: 'unknown_room', message: '没有这个房间', field: 'room' }));
    if (epoch !== undefined && typeof epoch !== 'string') return ack(malformed('epoch'));
    if (offset !== undefined && !Number.isSafeInteger(offset)) return ack(malformed('offset'));
    const may = () => this.rooms.mayEnter(socket.data.actor, room);
    if (!(await may())) return ack(notAllowed);

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

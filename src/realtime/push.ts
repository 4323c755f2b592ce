import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Card, CardKey, Frame, HubEvent, Latest } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../config/clock.js';
import { LatestValues } from '../event-log/latest-values.js';
import { LogReader, type PlacedEvent } from '../event-log/log-reader.js';
import { asSeenIn, type LoggedEvent } from '../event-log/logged-event.js';
import { Tail } from '../event-log/tail.js';
import { People } from '../identity/people.js';
import { ReadModel } from '../storage/unit-of-work.js';
import type { ConsoleServer, ConsoleSocket } from './console-socket.js';
import { Rooms } from './rooms.js';
import { inParts } from './snapshot-parts.js';
import { unreadBytes } from './unread-bytes.js';

/** What arrives within this time goes out as one frame a room. */
const FRAME_EVERY_MS = 5;
const EVENTS_PER_FRAME = 200;
/** ≤ 3 per second and key. */
const LATEST_EVERY_MS = 350;
const PULSE_EVERY_MS = 5_000;
/** A console that leaves more than this unread catches up by offset later, instead of filling the hub's memory. */
const UNREAD_BYTES = 256 * 1024;
/** Beyond this many missed events a snapshot is the shorter way. */
const MOST_RESUMED = 5_000;
const READ_AGAIN_MS = 25;
const RETRY_AFTER_MS = 500;

interface Following {
  /** Consoles in the room or on their way in. */
  count: number;
  /** Offset of the last event handed out here, once there was one. */
  offset: number | undefined;
  waiting: { from: number; events: HubEvent[] } | undefined;
}

/** Where a console begins: its own offset, or a snapshot's; `head` is how far the room had come when that was read. */
interface Start {
  offset: number;
  head: number;
  cards: Record<CardKey, Card> | undefined;
}

type Answer = (
  mode: 'resumed' | 'snapshot' | 'refused',
  state: { epoch: string; offset: number; cards?: Record<CardKey, Card>; parts?: number },
) => void;

type RevokedCode = 'rights_changed' | 'order_moved' | 'session_ended';

/**
 * The only place that emits. Takes placed events in seq order, applies changes of rights in their place [I6],
 * and sends each room's events once encoded, in frames.
 */
@Injectable()
export class Push implements OnApplicationShutdown {
  private readonly log = new Logger('Push');
  private readonly rooms = new Map<string, Following>();
  private readonly backlog: PlacedEvent[] = [];
  private readonly newestValues = new Map<string, Latest>();
  private readonly slow = new Map<ConsoleSocket, Set<string>>();
  private readonly timers: NodeJS.Timeout[] = [];
  private server!: ConsoleServer;
  private epoch = '';
  private done = 0;
  private pumping: Promise<void> | undefined;
  private frameTimer: NodeJS.Timeout | undefined;
  private doneWaiters: { seq: number; resolve: () => void }[] = [];

  constructor(
    private readonly tail: Tail,
    private readonly reader: LogReader,
    private readonly readModel: ReadModel,
    private readonly people: People,
    private readonly access: Rooms,
    private readonly latestValues: LatestValues,
    private readonly clock: Clock,
  ) {}

  async start(server: ConsoleServer): Promise<void> {
    this.server = server;
    await this.access.refreshUnits();
    this.tail.onPlaced((events) => this.take(events));
    this.latestValues.onPublish((value) => this.newestValues.set(`${value.room}\n${value.key}`, value));
    this.timers.push(setInterval(() => this.sendLatest(), LATEST_EVERY_MS));
    this.timers.push(setInterval(() => this.pulse(), PULSE_EVERY_MS));
    const { epoch, seq } = await this.reader.head();
    this.epoch = epoch;
    this.done = seq;
    await this.tail.start();
    // What was placed between the two reads is in every snapshot; nobody waits for it to pass here.
    this.done = Math.max(this.done, this.tail.position);
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.frameTimer);
    await this.pumping;
  }

  // -- a console comes into a room -------------------------------------------------------------------------------

  /**
   * Catches one console up and lets it in, so that it misses nothing and gets nothing twice. From `from` when that
   * can be resumed (`undefined`: never), else from a snapshot. `answer` is called once, before any frame.
   */
  async letIn(
    socket: ConsoleSocket,
    room: string,
    from: { epoch: string; offset: number } | undefined,
    mayStill: () => Promise<boolean>,
    answer: Answer,
  ): Promise<void> {
    const following = this.follow(room);
    try {
      const start = (from && (await this.resumed(room, from))) ?? (await this.snapshot(room));
      await this.enter(socket, room, following, start, mayStill, answer);
    } finally {
      if (!socket.rooms.has(room)) this.unfollow(room);
    }
  }

  leave(socket: ConsoleSocket, room: string): void {
    this.slow.get(socket)?.delete(room);
    if (!socket.rooms.has(room)) return;
    void socket.leave(room);
    this.unfollow(room);
  }

  /** Resolves when no more than `bytes` of what was sent to the console are unread, or it is gone. */
  async hasRead(socket: ConsoleSocket, bytes = UNREAD_BYTES): Promise<void> {
    // Looked at now and then: the transport's `drain` tells that it took the bytes, not that the line did.
    while (socket.connected && unreadBytes(socket) > bytes) await delay(READ_AGAIN_MS, undefined, { ref: false });
  }

  leaveAll(socket: ConsoleSocket): void {
    for (const room of [...socket.rooms]) if (room !== socket.id) this.leave(socket, room);
    this.slow.delete(socket);
  }

  // -- words to one console -----------------------------------------------------------------------------------------

  revoke(socket: ConsoleSocket, code: RevokedCode, only: (room: string) => boolean = () => true): void {
    for (const room of [...socket.rooms]) {
      if (room === socket.id || !only(room)) continue;
      this.leave(socket, room);
      socket.emit('revoked', { room, code });
    }
  }

  end(socket: ConsoleSocket): void {
    this.revoke(socket, 'session_ended');
    socket.disconnect(true);
  }

  /** So that a console knows the hub's time from its first moment. */
  greet(socket: ConsoleSocket): void {
    socket.emit('pulse', this.pulseNow());
  }

  sendAway(): void {
    this.flushAll();
    this.server.emit('goaway', { retryAfterMs: RETRY_AFTER_MS });
  }

  // -- the log's events, in order -----------------------------------------------------------------------------------

  private take(events: PlacedEvent[]): void {
    this.backlog.push(...events);
    this.pumping ??= this.pump();
  }

  private async pump(): Promise<void> {
    // Ended before `take` had the promise, it would count as running for ever.
    await Promise.resolve();
    while (this.backlog.length) {
      for (const event of this.backlog.splice(0)) {
        try {
          if (event.type === 'identity.rights_changed') await this.applyRights(event);
          else if (event.type === 'identity.password_changed') this.endAll(event.data.userId as string);
          else if (event.type === 'lists.activated') await this.applyUnits();
          else if (event.type === 'time.advanced') this.pulse();
          this.applyReaders(event);
        } catch (error) {
          // Whoever might have lost a right loses the connection instead: safe, and the client comes back by itself.
          this.log.error('rights could not be checked; all consoles start again', error as Error);
          for (const socket of this.sockets()) this.end(socket);
        }
        this.queue(event);
        this.done = event.seq;
      }
      this.wakeWaiters();
    }
    this.pumping = undefined;
  }

  private queue(event: PlacedEvent): void {
    for (const [room, offset] of Object.entries(event.offsets)) {
      const following = this.rooms.get(room);
      if (!following) continue;
      following.offset = offset;
      following.waiting ??= { from: offset, events: [] };
      following.waiting.events.push(asSeenIn(event, room));
      if (following.waiting.events.length >= EVENTS_PER_FRAME) this.flush(room, following);
    }
    this.frameTimer ??= setTimeout(() => this.flushAll(), FRAME_EVERY_MS);
  }

  private async applyRights(event: LoggedEvent): Promise<void> {
    const userId = event.data.userId as string;
    const mine = this.sockets().filter((socket) => socket.data.actor.userId === userId);
    if (mine.length === 0) return;
    this.flushAll();
    const actor = await this.readModel.run((tx) => this.people.actor(tx, userId));
    for (const socket of mine) {
      if (!actor) {
        this.end(socket);
        continue;
      }
      socket.data.actor = actor;
      await this.keepOnlyAllowed(socket);
    }
  }

  /** [ID4] Connections that were opened under an earlier password. */
  private endAll(userId: string): void {
    this.flushAll();
    for (const socket of this.sockets()) if (socket.data.actor.userId === userId) this.end(socket);
  }

  private async applyUnits(): Promise<void> {
    this.flushAll();
    await this.access.refreshUnits();
    for (const socket of this.sockets()) await this.keepOnlyAllowed(socket);
  }

  private async keepOnlyAllowed(socket: ConsoleSocket): Promise<void> {
    for (const room of [...socket.rooms]) {
      if (room === socket.id) continue;
      if (!(await this.access.mayEnter(socket.data.actor, room))) {
        this.revoke(socket, 'rights_changed', (name) => name === room);
      }
    }
  }

  /** An order that moved on leaves the consoles of those who may not read it any more, before this event reaches them. */
  private applyReaders(event: LoggedEvent): void {
    const { readers } = event.audience;
    const room = event.subject;
    const following = this.rooms.get(room);
    if (!readers || !following) return;
    for (const socket of this.sockets(room)) {
      if (this.access.mayStay(socket.data.actor, room, readers)) continue;
      this.flush(room, following);
      this.revoke(socket, 'order_moved', (name) => name === room);
    }
  }

  // -- frames ---------------------------------------------------------------------------------------------------------

  private flushAll(): void {
    clearTimeout(this.frameTimer);
    this.frameTimer = undefined;
    for (const [room, following] of this.rooms) this.flush(room, following);
  }

  private flush(room: string, following: Following): void {
    const { waiting } = following;
    if (!waiting) return;
    following.waiting = undefined;
    this.server.to(room).emit('frame', { room, epoch: this.epoch, from: waiting.from, events: waiting.events });
    for (const socket of this.sockets(room)) if (unreadBytes(socket) > UNREAD_BYTES) this.setAside(socket);
  }

  /** A slow console gets nothing more until it has read what was sent, then resumes from its offsets. */
  private setAside(socket: ConsoleSocket): void {
    if (this.slow.has(socket)) return;
    const rooms = new Set([...socket.rooms].filter((room) => room !== socket.id));
    for (const room of rooms) this.leave(socket, room);
    this.slow.set(socket, rooms);
    void this.hasRead(socket, UNREAD_BYTES / 4).then(() => {
      const missed = this.slow.get(socket) ?? [];
      this.slow.delete(socket);
      for (const room of missed) socket.emit('resync', { room, code: 'slow_console' });
    });
  }

  private sendLatest(): void {
    for (const value of this.newestValues.values()) this.server.to(value.room).emit('latest', value);
    this.newestValues.clear();
  }

  private pulseNow(): { now: number; tailLagMs: number } {
    return { now: this.clock.now(), tailLagMs: this.tail.lagMs };
  }

  private pulse(): void {
    const machineNow = this.clock.now() - this.clock.aheadMs;
    for (const socket of this.sockets()) if (socket.data.expiresAt <= machineNow) this.end(socket);
    this.server.emit('pulse', this.pulseNow());
  }

  // -- coming in --------------------------------------------------------------------------------------------------------

  /** `undefined` when the console's store cannot be brought up to date from where it stands. */
  private async resumed(room: string, from: { epoch: string; offset: number }): Promise<Start | undefined> {
    const { epoch, head, oldest } = await this.reader.roomHead(room);
    if (from.epoch !== epoch || from.offset < oldest || from.offset > head) return undefined;
    return head - from.offset > MOST_RESUMED ? undefined : { offset: from.offset, head, cards: undefined };
  }

  private async snapshot(room: string): Promise<Start> {
    const { offset, cards } = await this.reader.roomState(room);
    return { offset, head: offset, cards };
  }

  private async enter(
    socket: ConsoleSocket,
    room: string,
    following: Following,
    { offset, head, cards }: Start,
    mayStill: () => Promise<boolean>,
    answer: Answer,
  ): Promise<void> {
    // Everything committed before the read above must have passed here, or a later event could overtake it.
    await this.passed((await this.reader.head()).seq);
    const missed: Frame[] = [];
    let at = offset;
    let allowed: boolean;
    for (;;) {
      const { actor } = socket.data;
      const { revision } = this.access;
      allowed = await mayStill();
      if (!allowed) break;
      // Rights that changed while they were being looked up count in their new form.
      if (socket.data.actor !== actor || this.access.revision !== revision) continue;
      const target = Math.max(head, following.offset ?? 0);
      if (at >= target) break;
      const events = await this.reader.ofRoom(room, at, target, EVENTS_PER_FRAME);
      missed.push({ room, epoch: this.epoch, from: at + 1, events: events.map(({ event }) => asSeenIn(event, room)) });
      at = events.at(-1)!.offset;
    }
    // From here to the join nothing is awaited.
    if (!allowed || !socket.connected) {
      answer('refused', { epoch: this.epoch, offset: at });
      return;
    }
    this.flush(room, following);
    if (cards === undefined) answer('resumed', { epoch: this.epoch, offset });
    else this.sendSnapshot(socket, room, offset, cards, answer);
    for (const frame of missed) socket.emit('frame', frame);
    if (!socket.rooms.has(room)) void socket.join(room);
    for (const value of this.latestValues.of(room)) socket.emit('latest', value);
  }

  private sendSnapshot(
    socket: ConsoleSocket,
    room: string,
    offset: number,
    cards: Record<CardKey, Card>,
    answer: Answer,
  ): void {
    const [first, ...others] = inParts(cards);
    const parts = others.length + 1;
    answer('snapshot', { epoch: this.epoch, offset, cards: first!, parts });
    for (const [index, part] of others.entries()) {
      socket.emit('snapshotPart', { room, epoch: this.epoch, offset, part: index + 2, parts, cards: part });
    }
  }

  /** Resolves when the events up to `seq` have passed through here. */
  private async passed(seq: number): Promise<void> {
    if (this.done >= seq) return;
    const waiting = new Promise<void>((resolve) => this.doneWaiters.push({ seq, resolve }));
    this.tail.wake();
    await waiting;
  }

  private wakeWaiters(): void {
    const ready = this.doneWaiters.filter(({ seq }) => seq <= this.done);
    this.doneWaiters = this.doneWaiters.filter(({ seq }) => seq > this.done);
    for (const { resolve } of ready) resolve();
  }

  private follow(room: string): Following {
    const following = this.rooms.get(room) ?? { count: 0, offset: undefined, waiting: undefined };
    following.count += 1;
    this.rooms.set(room, following);
    return following;
  }

  private unfollow(room: string): void {
    const following = this.rooms.get(room);
    if (following && --following.count <= 0) this.rooms.delete(room);
  }

  private sockets(room?: string): ConsoleSocket[] {
    const all = this.server.sockets.sockets;
    if (room === undefined) return [...all.values()];
    const ids = this.server.sockets.adapter.rooms.get(room) ?? [];
    return [...ids].flatMap((id) => all.get(id) ?? []);
  }
}

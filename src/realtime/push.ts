import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Latest } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../config/clock.js';
import { Policy } from '../config/policy.js';
import { Randomness } from '../config/randomness.js';
import { LatestValues } from '../event-log/latest-values.js';
import { LogReader, type PlacedEvent, type Position } from '../event-log/log-reader.js';
import { Tail } from '../event-log/tail.js';
import { People } from '../identity/people.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { CatchUp, type Standing } from './catch-up.js';
import { Conflation } from './conflation.js';
import type { ConsoleServer, ConsoleSocket } from './console-socket.js';
import { type DeliveryStanding, DeliveryFigures } from './delivery-figures.js';
import { encodedFrames } from './encoded-frame.js';
import { EncodedMessage } from './encoded-message.js';
import { type Answer, type Doorway, Entering } from './entering.js';
import { EventRing } from './event-ring.js';
import { type Batch, FollowedRooms } from './followed-rooms.js';
import { Passage } from './passage.js';
import { Rooms } from './rooms.js';
import { SlowConsoles } from './slow-consoles.js';
import { type RevokedCode, WhoStays } from './who-stays.js';

const LOOK_FOR_LATEST_MS = 20;
const PULSE_EVERY_MS = 5_000;
const SOONEST_RETURN_MS = 500;

/**
 * The only place that emits. Takes placed events in seq order, applies changes of rights in their place [I6],
 * and sends each room's events once encoded, in frames.
 */
@Injectable()
export class Push implements OnApplicationShutdown {
  readonly figures = new DeliveryFigures();
  private readonly log = new Logger('Push');
  private readonly rooms = new FollowedRooms((room, batch) => this.sendFrame(room, batch));
  private readonly slow = new SlowConsoles();
  private readonly passage: Passage;
  private readonly ring = new EventRing();
  private readonly entering: Entering;
  private readonly whoStays: WhoStays;
  private readonly backlog: PlacedEvent[] = [];
  private readonly conflation = new Conflation((room) => this.consolesIn(room));
  private tellingLatest = false;
  private readonly timers: NodeJS.Timeout[] = [];
  private server!: ConsoleServer;
  private epoch = '';
  /** They may be others than this node knows: what told of them could not be followed. */
  private unitsInDoubt = false;
  private pumping: Promise<void> | undefined;

  constructor(
    private readonly tail: Tail,
    private readonly reader: LogReader,
    readModel: ReadModel,
    people: People,
    private readonly access: Rooms,
    private readonly latestValues: LatestValues,
    private readonly clock: Clock,
    private readonly policy: Policy,
    private readonly randomness: Randomness,
  ) {
    this.passage = new Passage(() => tail.wake());
    const catchUp = new CatchUp(reader, this.ring);
    this.entering = new Entering(this.rooms, catchUp, this.passage, access, this.slow, this.doorway());
    this.whoStays = new WhoStays(access, people, readModel, {
      all: () => this.sockets(),
      in: (room) => (this.rooms.has(room) ? this.sockets(room) : []),
      flush: (room) => (room === undefined ? this.rooms.flushAll() : this.rooms.flush(room)),
      revoke: (socket, room, code) => this.revoke(socket, room, code),
      end: (socket) => this.end(socket),
    });
  }

  get standing(): DeliveryStanding {
    return { consoles: this.sockets().length, backlog: this.backlog.length, unread: this.slow.unread };
  }

  async start(server: ConsoleServer): Promise<void> {
    this.server = server;
    await this.access.refreshUnits();
    this.tail.onPlaced((events) => this.take(events));
    this.tail.onNewLog((at) => this.beginAnew(at));
    this.latestValues.onPublish((value) => this.conflation.put(value));
    this.timers.push(setInterval(() => void this.sendLatest(), LOOK_FOR_LATEST_MS));
    this.timers.push(setInterval(() => this.pulse(), PULSE_EVERY_MS));
    const { epoch, seq } = await this.reader.head();
    this.epoch = epoch;
    this.passage.beginAt(seq);
    await this.tail.start();
    // What was placed between the two reads.
    this.passage.beginAt(this.tail.position);
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.rooms.stop();
    await this.pumping;
  }

  // -- a console comes into a room, and leaves ------------------------------------------------------------------------

  /**
   * Catches one console up and lets it in; `from` `undefined`: a snapshot.
   * `answer` is called once, before any frame; not at all when the console has gone meanwhile.
   */
  letIn(
    socket: ConsoleSocket,
    room: string,
    from: Standing | undefined,
    mayStill: () => Promise<boolean>,
    answer: Answer,
  ): Promise<void> {
    return this.entering.letIn(socket, room, from, mayStill, this.counted(answer));
  }

  /** As `WhoStays` counts them. */
  changesOf(userId: string): number {
    return this.whoStays.changesOf(userId);
  }

  /** As `WhoStays` does. */
  lookUpRights(socket: ConsoleSocket): Promise<boolean> {
    return this.whoStays.lookUpRights(socket);
  }

  /** After how many ms one more may ask to come into a room; 0: now. */
  get entryWaitMs(): number {
    return this.entering.waitMs;
  }

  leave(socket: ConsoleSocket, room: string): void {
    this.slow.forgetRoom(socket, room);
    if (!socket.rooms.has(room)) return;
    void socket.leave(room);
    this.rooms.unfollow(room);
  }

  leaveAll(socket: ConsoleSocket): void {
    for (const room of roomsOf(socket)) this.leave(socket, room);
    this.slow.forget(socket);
  }

  /** It leaves unread what it is sent. */
  isDeaf(socket: ConsoleSocket): boolean {
    return this.slow.isDeaf(socket);
  }

  /** Resolves when the console has read most of what was sent to it, or is gone. */
  hasRead(socket: ConsoleSocket): Promise<void> {
    return this.slow.hasRead(socket);
  }

  // -- words to one console -----------------------------------------------------------------------------------------

  private revoke(socket: ConsoleSocket, room: string, code: RevokedCode): void {
    if (!socket.rooms.has(room)) return;
    this.leave(socket, room);
    socket.emit('revoked', { room, code });
  }

  private doorway(): Doorway {
    const epoch = (): string => this.epoch;
    return {
      get epoch() {
        return epoch();
      },
      write: (socket, message) => message.writeTo(socket),
      join: (socket, room) => {
        if (!socket.rooms.has(room)) void socket.join(room);
        for (const value of this.latestValues.of(room)) this.sayTo(socket, latestMessage(value));
      },
      revoke: (socket, room) => socket.emit('revoked', { room, code: 'rights_changed' }),
      askAgain: (socket, room) => socket.emit('resync', { room, code: 'not_caught_up' }),
    };
  }

  private end(socket: ConsoleSocket): void {
    for (const room of roomsOf(socket)) this.revoke(socket, room, 'session_ended');
    socket.disconnect(true);
  }

  /** So that a console knows the hub's time from its first moment. */
  greet(socket: ConsoleSocket): void {
    socket.emit('pulse', this.pulseNow());
  }

  /** Each with a wait of its own: a thousand consoles that come back at once would find the hub slow. [FL11] */
  sendAllAway(): void {
    this.rooms.flushAll();
    for (const socket of this.sockets()) this.sendAway(socket);
  }

  sendAway(socket: ConsoleSocket): void {
    const spreadMs = this.policy.number('goaway.spreadSeconds') * 1_000;
    socket.emit('goaway', { retryAfterMs: SOONEST_RETURN_MS + this.randomness.below(spreadMs) });
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
      const { epoch } = this;
      for (const event of this.backlog.splice(0)) {
        try {
          if (event.type === 'time.advanced') this.pulse();
          await this.whoStays.apply(event);
        } catch (error) {
          this.doubtUnits('rights could not be checked', error);
        }
        if (epoch !== this.epoch) break;
        this.rooms.add(event);
        this.passage.passedBy(event.seq);
      }
      this.passage.callWaiting();
    }
    this.pumping = undefined;
  }

  /** What was told may never have happened: nobody's offsets count any more. All come back, and get snapshots. [I3] */
  private beginAnew({ epoch, seq }: Position): void {
    this.epoch = epoch;
    this.backlog.length = 0;
    this.ring.clear();
    this.rooms.beginAnew();
    this.entering.beginAnew();
    this.passage.beginAnew(seq);
    for (const socket of this.sockets()) socket.disconnect(true);
    void this.readUnits();
  }

  /** Who is back before the units are read loses then what is not his; as long as they cannot be, all start again. [I6] */
  private async readUnits(): Promise<void> {
    this.unitsInDoubt = false;
    await this.whoStays.applyUnits().catch((error: unknown) => this.doubtUnits('the units could not be read', error));
  }

  /** Whoever might have lost a right loses the connection instead: safe, and the client comes back by itself. */
  private doubtUnits(what: string, error: unknown): void {
    this.log.error(`${what}; all consoles start again`, error as Error);
    this.unitsInDoubt = true;
    for (const socket of this.sockets()) this.end(socket);
  }

  private sendFrame(room: string, { from, events }: Batch): void {
    this.figures.frames += 1;
    this.figures.deliveries += events.length * this.consolesIn(room);
    const texts = events.map((event) => JSON.stringify(event));
    this.ring.put(room, from, texts);
    for (const { message } of encodedFrames({ room, epoch: this.epoch, from }, texts)) this.tell(room, message);
  }

  /** Who has no room for it gets it later. */
  private tell(room: string, message: EncodedMessage): void {
    for (const socket of this.sockets(room)) this.sayTo(socket, message);
  }

  private sayTo(socket: ConsoleSocket, message: EncodedMessage): void {
    if (this.slow.hasRoomFor(socket, message.bytes)) message.writeTo(socket);
    else this.setAside(socket);
  }

  /** A slow console gets nothing more until it has read what was sent, then resumes from its offsets. */
  private setAside(socket: ConsoleSocket): void {
    const rooms = roomsOf(socket);
    for (const room of rooms) this.leave(socket, room);
    if (this.slow.missesAlso(socket, rooms)) return;
    void this.slow.setAside(socket, rooms).then((missed) => {
      for (const room of missed) {
        this.figures.resyncs += 1;
        socket.emit('resync', { room, code: 'slow_console' });
      }
    });
  }

  // -- values and time ----------------------------------------------------------------------------------------------

  /** One after the other: between two of them frames and calls have their turn. */
  private async sendLatest(): Promise<void> {
    if (this.tellingLatest) return;
    this.tellingLatest = true;
    try {
      for (let value = this.nextLatest(); value; value = this.nextLatest()) {
        this.figures.values += this.consolesIn(value.room);
        this.tell(value.room, latestMessage(value));
        await nextTurn();
      }
    } finally {
      this.tellingLatest = false;
    }
  }

  private nextLatest(): Latest | undefined {
    return this.conflation.take(performance.now());
  }

  private pulseNow(): { now: number; tailLagMs: number } {
    return { now: this.clock.now(), tailLagMs: this.tail.lagMs };
  }

  private pulse(): void {
    if (this.unitsInDoubt) void this.readUnits();
    const machineNow = this.clock.now() - this.clock.aheadMs;
    for (const socket of this.sockets()) if (socket.data.expiresAt <= machineNow) this.end(socket);
    const message = new EncodedMessage('pulse', JSON.stringify(this.pulseNow()));
    // Who does not read is told nothing: what waits for it must not grow, however little at a time.
    for (const socket of this.sockets()) if (!this.slow.isDeaf(socket)) message.writeTo(socket);
  }

  private counted(answer: Answer): Answer {
    return (mode, state) => {
      this.figures.entered[mode] += 1;
      answer(mode, state);
    };
  }

  private consolesIn(room: string): number {
    return this.server.sockets.adapter.rooms.get(room)?.size ?? 0;
  }

  private sockets(room?: string): ConsoleSocket[] {
    const all = this.server.sockets.sockets;
    if (room === undefined) return [...all.values()];
    const ids = this.server.sockets.adapter.rooms.get(room) ?? [];
    return [...ids].flatMap((id) => all.get(id) ?? []);
  }
}

const latestMessage = (value: Latest): EncodedMessage => new EncodedMessage('latest', JSON.stringify(value));

/** Every socket is also in a room of its own. */
const roomsOf = (socket: ConsoleSocket): string[] => [...socket.rooms].filter((room) => room !== socket.id);

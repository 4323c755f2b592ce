import { io, type Socket } from 'socket.io-client';
import type { ClientToHub, Frame, HubError, HubToClient, Latest, SnapshotPart } from '../protocol/index.js';
import { BackOff } from './back-off.js';
import type { HubTime } from './hub-time.js';

/** What the connection tells. */
export interface SocketOwner {
  readonly token: string | null;
  up(): void;
  down(): void;
  /** The hub did not take the token. True when there is another one to try with. */
  tokenRefused(): Promise<boolean>;
  frame(frame: Frame): void;
  snapshotPart(part: SnapshotPart): void;
  latest(latest: Latest): void;
  resync(room: string): void;
  revoked(room: string, code: string): void;
}

const CONNECT_MS = 10_000;
/** Pulses come every 5 s: after three missed ones the connection is dead, whatever TCP believes. */
const SILENCE_MS = 16_000;
/** A hub that says goodbye is back, or another one is there, within this time: until then nothing is wrong. */
const MOVE_MS = 30_000;

/**
 * One connection to the hub, made anew with a jittered back-off for as long as it is wanted. Each attempt is a fresh
 * Socket.IO socket: nothing of an old one (buffers, recovery) can reach into the next.
 */
export class HubSocket {
  private socket: Socket<HubToClient, ClientToHub> | null = null;
  private wanted = false;
  /** The hub has said goodbye: it answers what it was asked, and is asked nothing more. */
  private leaving = false;
  /** Until when a hub that has said goodbye is not missed, ms of the monotonic clock. */
  private movingUntil = -Infinity;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private watch: ReturnType<typeof setTimeout> | null = null;
  private readonly backOff: BackOff;

  constructor(
    private readonly url: string,
    private readonly time: HubTime,
    private readonly random: () => number,
    private readonly owner: SocketOwner,
  ) {
    this.backOff = new BackOff(random, 600, 5_000);
  }

  get up(): boolean {
    return (this.socket?.connected ?? false) && !this.leaving;
  }

  /** On its way to another hub, or to this one after a restart, as it was told to. */
  get moving(): boolean {
    return this.wanted && this.time.ticks() < this.movingUntil;
  }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.movingUntil = -Infinity;
    this.backOff.reset();
    this.connect();
  }

  stop(): void {
    this.wanted = false;
    this.drop();
  }

  /** As if the network had failed: the connection is lost and made anew. */
  cut(): void {
    if (!this.up) return;
    this.drop();
    this.later(this.backOff.next());
  }

  /** `null`: no answer within `timeoutMs`, or the socket was cut. Answers and events come in the hub's order. */
  ask<A>(name: keyof ClientToHub, call: unknown, timeoutMs: number, answered: (answer: A | null) => void): void {
    const { socket } = this;
    if (!socket?.connected) return answered(null);
    const askedAt = this.time.ticks();
    const untyped = socket.timeout(timeoutMs) as unknown as {
      emit(name: string, call: unknown, ack: (fault: Error | null, answer: A) => void): void;
    };
    untyped.emit(name, call, (fault, answer) => {
      if (!fault) this.time.roundTrip(this.time.ticks() - askedAt);
      answered(fault ? null : answer);
    });
  }

  private connect(): void {
    const { token } = this.owner;
    if (!this.wanted || token === null) return;
    const options = {
      path: '/socket.io',
      transports: ['websocket'],
      auth: { token },
      forceNew: true,
      reconnection: false,
      timeout: CONNECT_MS,
    };
    // Without an address Socket.IO takes the page's own; an empty one it would not understand.
    const socket: Socket<HubToClient, ClientToHub> = this.url === '' ? io(options) : io(this.url, options);
    this.socket = socket;
    const mine = (): boolean => this.socket === socket;

    socket.on('connect', () => {
      if (!mine()) return;
      this.backOff.reset();
      this.movingUntil = -Infinity;
      this.owner.up();
    });
    socket.on('connect_error', (fault: Error & { data?: Partial<HubError> }) => {
      if (mine()) void this.failed(fault.data);
    });
    socket.on('disconnect', () => {
      if (!mine()) return;
      // Told when to come back, it keeps to that.
      if (this.leaving) return this.letGo();
      this.drop();
      this.later(this.backOff.next());
    });
    socket.on('frame', (frame) => mine() && this.owner.frame(frame));
    socket.on('snapshotPart', (part) => mine() && this.owner.snapshotPart(part));
    socket.on('latest', (latest) => mine() && this.owner.latest(latest));
    socket.on('resync', ({ room }) => mine() && this.owner.resync(room));
    socket.on('revoked', ({ room, code }) => mine() && this.owner.revoked(room, code));
    socket.on('pulse', ({ now }) => {
      if (!mine()) return;
      this.time.pulse(now);
      this.watchSilence();
    });
    socket.on('goaway', ({ retryAfterMs }) => {
      if (!mine()) return;
      this.leaving = true;
      this.movingUntil = this.time.ticks() + retryAfterMs * 2 + MOVE_MS;
      this.owner.down();
      // Never sooner than told, and by chance up to as long again, whether or not the hub has told each another time.
      this.later(retryAfterMs * (1 + this.random()));
    });
  }

  private async failed(error: Partial<HubError> | undefined): Promise<void> {
    this.drop();
    const another = error?.code === 'unauthenticated' && (await this.owner.tokenRefused());
    if (this.socket === null) this.later(another ? 0 : this.backOff.next(error?.retryAfterMs));
  }

  private later(ms: number): void {
    if (!this.wanted) return;
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      this.retry = null;
      this.drop();
      this.connect();
    }, ms);
  }

  private drop(): void {
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = null;
    this.letGo();
  }

  /** The connection goes; when the next one comes is another matter. */
  private letGo(): void {
    if (this.watch !== null) clearTimeout(this.watch);
    this.watch = null;
    this.leaving = false;
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    this.owner.down();
    socket.disconnect();
  }

  private watchSilence(): void {
    if (this.watch !== null) clearTimeout(this.watch);
    this.watch = setTimeout(() => this.cut(), SILENCE_MS);
  }
}

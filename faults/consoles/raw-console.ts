import type {
  Answer,
  Card,
  CardKey,
  Frame,
  Latest,
  SnapshotPart,
  SubscribeAnswer,
  SubscribeCall,
} from '@minqing-hub/client-sdk/protocol';
import { io, type Socket } from 'socket.io-client';
import type { Cards } from '../history/entry.js';
import type { Recorder } from '../history/recorder.js';

const AGAIN_MS = 100;
/** Of returns so many begin with a snapshot, though the place is known. */
const AFRESH = 0.15;

interface Wanted {
  room: string;
  sub: number;
  epoch?: string;
  offset: number;
  /** It has been let in, on this socket. */
  inside: boolean;
  barred: boolean;
  parts?: { offset: number; left: number; cards: Cards };
}

/**
 * A program without the SDK that does what the wire asks of it, writes down all that comes, and mends nothing: a hole
 * that an SDK would fill by itself stays to be seen.
 */
export class RawConsole {
  private socket: Socket | undefined;
  private readonly wanted = new Map<string, Wanted>();
  /** Room → its last subscription: under it is written down what comes although it has ended. */
  private readonly lastSubs = new Map<string, number>();
  private readonly unanswered = new Set<(answer: undefined) => void>();
  private closed = false;

  constructor(
    readonly name: string,
    readonly user: string,
    private readonly url: string,
    private readonly token: string,
    private readonly recorder: Recorder,
    private readonly random: () => number,
  ) {
    this.connect();
  }

  get connected(): boolean {
    return this.socket?.connected === true;
  }

  /** Every room that it wants and may see has let it in. */
  get settled(): boolean {
    return this.connected && [...this.wanted.values()].every(({ inside }) => inside);
  }

  /** Offset of the last event that came; `undefined`: it is not in the room. */
  offsetOf(room: string): number | undefined {
    const wanted = this.wanted.get(room);
    return wanted?.inside ? wanted.offset : undefined;
  }

  /** `barred`: the user has no right to it, and must not get in. */
  enter(room: string, { barred = false } = {}): void {
    if (this.wanted.has(room)) return;
    const wanted: Wanted = { room, sub: 0, offset: 0, inside: false, barred };
    this.wanted.set(room, wanted);
    if (this.connected) this.subscribe(wanted);
  }

  /** As with an offset that never was, or a log that is not this one: the answer must be a snapshot. */
  askOddly(room: string, odd: { epoch?: string; offset: number }): void {
    const wanted = this.wanted.get(room);
    if (!wanted?.inside || !this.connected) return;
    this.leave(wanted, 'unsubscribed');
    wanted.epoch = odd.epoch ?? wanted.epoch;
    wanted.offset = odd.offset;
    this.subscribe(wanted, true);
  }

  leaveRoom(room: string): void {
    const wanted = this.wanted.get(room);
    this.wanted.delete(room);
    if (!wanted?.inside || !this.connected) return;
    this.leave(wanted, 'unsubscribed');
    this.socket!.emit('unsubscribe', { room }, () => undefined);
  }

  /** `undefined`: the socket ended before an answer came. What was sent may have come about all the same. */
  async command(
    name: string,
    payload: Record<string, unknown>,
    { commandId, malformed }: { commandId: string; malformed?: boolean },
  ): Promise<Answer<{ result: Record<string, unknown> }> | undefined> {
    if (!this.connected) return undefined;
    const call = this.recorder.nextCall();
    const { user } = this;
    this.recorder.add({ kind: 'sent', user, call, name, commandId, payload, ...(malformed && { malformed }) });
    const answer = await this.ask<Answer<{ result: Record<string, unknown> }>>('command', { name, commandId, payload });
    if (answer === undefined) return undefined;
    const said = answer.ok ? { result: answer.result } : { code: answer.error.code };
    this.recorder.add({ kind: 'answered', user, call, ...said });
    return answer;
  }

  close(): void {
    this.closed = true;
    this.ended();
    this.socket?.disconnect();
  }

  private connect(): void {
    if (this.closed) return;
    const socket = io(this.url, {
      auth: { token: this.token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    this.socket = socket;
    const again = (): void => {
      if (this.socket !== socket) return;
      // Ending it tells of its end at once: nobody is to come back twice.
      this.socket = undefined;
      this.ended();
      socket.disconnect();
      setTimeout(() => this.connect(), AGAIN_MS * (0.5 + this.random()));
    };
    socket.on('connect', () => {
      for (const wanted of this.wanted.values()) this.subscribe(wanted);
    });
    socket.on('connect_error', again);
    socket.on('disconnect', again);
    socket.on('goaway', ({ retryAfterMs }: { retryAfterMs: number }) => void setTimeout(again, retryAfterMs));
    socket.on('frame', (frame: Frame) => this.frame(frame));
    socket.on('snapshotPart', (part: SnapshotPart) => this.part(part));
    socket.on('latest', ({ room, key, data }: Latest) => {
      const wanted = this.wanted.get(room);
      if (wanted) this.recorder.add({ kind: 'latest', console: this.name, sub: wanted.sub, room, key, data });
    });
    socket.on('resync', ({ room }: { room: string }) => {
      const wanted = this.wanted.get(room);
      if (!wanted) return;
      this.leave(wanted, 'resync');
      this.subscribe(wanted);
    });
    socket.on('revoked', ({ room }: { room: string }) => {
      const wanted = this.wanted.get(room);
      if (wanted) this.leave(wanted, 'revoked');
      this.wanted.delete(room);
    });
  }

  private subscribe(wanted: Wanted, odd = false): void {
    const { room } = wanted;
    const sub = (wanted.sub = this.recorder.nextSub());
    this.lastSubs.set(room, sub);
    wanted.parts = undefined;
    const resume = wanted.epoch !== undefined && (odd || this.random() >= AFRESH);
    const from = resume ? { epoch: wanted.epoch!, offset: wanted.offset } : {};
    const { name: console, user } = this;
    this.recorder.add({ kind: 'asked', console, sub, room, user, ...from, ...(wanted.barred && { barred: true }) });
    const call: SubscribeCall = { room, ...from };
    void this.ask<SubscribeAnswer>('subscribe', call, (answer) => {
      // Asked again since, or not wanted any more.
      if (wanted.sub !== sub || this.wanted.get(room) !== wanted) return;
      if (!answer.ok) {
        this.recorder.add({ kind: 'refused', console, sub, room, code: answer.error.code });
        // An outage or a loss of rights: the first is asked again with the next connection, the second is as it should be.
        if (answer.error.code === 'forbidden') this.wanted.delete(room);
        return;
      }
      const { mode, epoch, offset } = answer;
      wanted.epoch = epoch;
      wanted.offset = offset;
      if (mode === 'resumed') {
        wanted.inside = true;
        this.recorder.add({ kind: 'entered', console, sub, room, mode, epoch, offset });
        return;
      }
      wanted.parts = { offset, left: (answer.parts ?? 1) - 1, cards: answer.snapshot.cards };
      this.perhapsWhole(wanted);
    });
  }

  private part({ room, cards }: SnapshotPart): void {
    const wanted = this.wanted.get(room);
    if (!wanted?.parts) return;
    Object.assign(wanted.parts.cards as Record<CardKey, Card>, cards);
    wanted.parts.left -= 1;
    this.perhapsWhole(wanted);
  }

  private perhapsWhole(wanted: Wanted): void {
    const { room, sub, epoch, parts } = wanted;
    if (!parts || parts.left > 0) return;
    wanted.parts = undefined;
    wanted.inside = true;
    const { offset, cards } = parts;
    this.recorder.add({
      kind: 'entered',
      console: this.name,
      sub,
      room,
      mode: 'snapshot',
      epoch: epoch!,
      offset,
      cards,
    });
  }

  private frame({ room, epoch, from, events }: Frame): void {
    const wanted = this.wanted.get(room);
    const sub = this.lastSubs.get(room) ?? 0;
    const shared = this.recorder.shared(room, events);
    this.recorder.add({ kind: 'frame', console: this.name, sub, room, epoch, from, events: shared });
    if (wanted) wanted.offset = from + events.length - 1;
  }

  private leave(wanted: Wanted, why: 'cut' | 'resync' | 'revoked' | 'unsubscribed'): void {
    if (wanted.sub === 0) return;
    wanted.inside = false;
    const { room, sub } = wanted;
    this.recorder.add({ kind: 'left', console: this.name, sub, room, why });
  }

  private ended(): void {
    for (const wanted of this.wanted.values()) this.leave(wanted, 'cut');
    for (const give of this.unanswered) give(undefined);
    this.unanswered.clear();
  }

  /** `take` is called in the turn in which the answer comes: frames follow it at once. */
  private ask<T>(name: string, call: object, take?: (answer: T) => void): Promise<T | undefined> {
    return new Promise((resolve) => {
      this.unanswered.add(resolve);
      this.socket!.emit(name, call, (answer: T) => {
        if (!this.unanswered.delete(resolve)) return;
        take?.(answer);
        resolve(answer);
      });
    });
  }
}

import type { Agreement, Reading } from '../check/agreement.js';
import type { Violation } from '../check/violation.js';
import type { Span } from '../recovery.js';
import { WireLine } from '../../simulation/wire-line.js';
import type { Resync, SubscribeAnswer } from './words.js';

const AGAIN_MS = 150;
/** Of returns so many begin with a snapshot, though the place is known. */
const AFRESH = 0.03;

const FRAME = '42["frame",';
const EVENT = '42["';
const ANSWER = '43';

/** What a reader tells of itself. */
export interface ReaderOwner {
  recovered(span: Span): void;
  wrong(violation: Violation, reading: Reading): void;
}

interface Seat {
  room: string;
  epoch?: string;
  offset: number;
  /** The number of the call that asked for it, while no answer has come. */
  call?: number;
  /** Parts of its snapshot that are still to come. */
  parts: number;
  reading?: Reading;
  /** So far it has to come to be caught up; known when its answer is. */
  head: number;
}

/** A console that does what the wire asks of it and holds what comes against what others got, and keeps nothing. */
export class Reader {
  private line: WireLine | undefined;
  private seats: Seat[];
  private calls = 0;
  private backAt: number | undefined;
  /** It was in its rooms before: who comes for the first time does not come back. */
  private known = false;
  private closed = false;
  private again: NodeJS.Timeout | undefined;

  constructor(
    readonly name: string,
    private readonly ports: readonly number[],
    private readonly token: string,
    readonly rooms: readonly string[],
    private readonly agreement: Agreement,
    private readonly owner: ReaderOwner,
    private readonly random: () => number,
  ) {
    this.seats = rooms.map((room) => ({ room, offset: 0, parts: 0, head: 0 }));
    this.connect();
  }

  get connection(): WireLine | undefined {
    return this.line;
  }

  /** Connected, and caught up since. */
  get settled(): boolean {
    return this.line !== undefined && this.backAt === undefined;
  }

  /** How far it has come in a room; `undefined`: it is not in it. */
  readingOf(room: string): Reading | undefined {
    return this.seats.find((seat) => seat.room === room)?.reading;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.again);
    this.line?.cut();
  }

  private connect(): void {
    if (this.closed) return;
    const port = this.ports[Math.floor(this.random() * this.ports.length)]!;
    const line: WireLine = new WireLine(port, {
      opened: () => undefined,
      text: (payload) => this.line === line && this.text(payload),
      closed: () => this.line === line && this.back(AGAIN_MS),
    });
    this.line = line;
  }

  /** Away from this connection, and to another one a little later. */
  private back(ms: number): void {
    const { line } = this;
    this.line = undefined;
    line?.cut();
    this.backAt = undefined;
    for (const seat of this.seats) this.leave(seat);
    clearTimeout(this.again);
    this.again = setTimeout(() => this.connect(), ms * (0.5 + this.random()));
  }

  private text(payload: Buffer): void {
    const text = payload.toString('utf8');
    if (text.startsWith(FRAME)) return this.frame(text.slice(FRAME.length, -1));
    if (text.startsWith(ANSWER)) return this.answer(text);
    if (text.startsWith(EVENT)) return this.event(text);
    if (text === '2') return this.line?.send('3');
    if (text.startsWith('0')) return this.line?.send(`40${JSON.stringify({ token: this.token })}`);
    if (text.startsWith('40')) return this.enter();
    if (text.startsWith('44')) {
      const { data } = JSON.parse(text.slice(2)) as { data?: { retryAfterMs?: number } };
      return this.back(data?.retryAfterMs ?? AGAIN_MS);
    }
    if (text.startsWith('41') || text === '1') this.back(AGAIN_MS);
  }

  private enter(): void {
    this.backAt = performance.now();
    for (const seat of this.seats) this.subscribe(seat);
  }

  private subscribe(seat: Seat): void {
    this.leave(seat);
    const { room, epoch, offset } = seat;
    const from = epoch !== undefined && this.random() >= AFRESH ? { epoch, offset } : {};
    seat.call = this.calls += 1;
    this.line?.send(`42${seat.call}${JSON.stringify(['subscribe', { room, ...from }])}`);
  }

  private leave(seat: Seat): void {
    if (seat.reading) seat.offset = seat.reading.at;
    seat.reading = undefined;
    seat.call = undefined;
    seat.parts = 0;
  }

  private answer(text: string): void {
    const begin = text.indexOf('[');
    const call = Number(text.slice(ANSWER.length, begin));
    const seat = this.seats.find((one) => one.call === call);
    if (!seat) return;
    seat.call = undefined;
    const [answer] = JSON.parse(text.slice(begin)) as [SubscribeAnswer];
    if (!answer.ok) {
      const { line } = this;
      // An outage: asked again soon.
      setTimeout(() => this.line === line && this.subscribe(seat), answer.error.retryAfterMs ?? AGAIN_MS);
      return;
    }
    seat.epoch = answer.epoch;
    seat.offset = answer.offset;
    seat.parts = answer.mode === 'snapshot' ? (answer.parts ?? 1) - 1 : 0;
    seat.head = this.agreement.headOf(seat.room, answer.epoch);
    seat.reading = this.agreement.begin(this.name, seat.room, answer.epoch, answer.offset, performance.now());
    this.perhapsCaughtUp();
  }

  private frame(text: string): void {
    const told = this.agreement.read(text);
    const reading = this.seats.find(({ room }) => room === told.room)?.reading;
    // Of a subscription that has not been answered, or has ended, nothing is expected.
    if (!reading) return;
    const wrong = this.agreement.follow(reading, told, performance.now());
    if (wrong) this.owner.wrong(wrong, reading);
    if (this.backAt !== undefined) this.perhapsCaughtUp();
  }

  private event(text: string): void {
    const name = text.slice(EVENT.length, text.indexOf('"', EVENT.length));
    if (name === 'latest' || name === 'pulse') return;
    const [, said] = JSON.parse(text.slice(2)) as [string, Resync];
    if (name === 'goaway') return this.back(said.retryAfterMs ?? AGAIN_MS);
    const seat = this.seats.find(({ room }) => room === said.room);
    if (!seat) return;
    if (name === 'snapshotPart') {
      seat.parts -= 1;
      this.perhapsCaughtUp();
    } else if (name === 'resync' || name === 'revoked') this.subscribe(seat);
  }

  private perhapsCaughtUp(): void {
    if (this.backAt === undefined) return;
    if (!this.seats.every(({ reading, parts, head }) => reading && parts === 0 && reading.at >= head)) return;
    if (this.known) this.owner.recovered({ from: this.backAt, to: performance.now() });
    this.known = true;
    this.backAt = undefined;
  }
}

import { BackOff, RoomStore } from '@minqing-hub/client-sdk';
import type { Card, CardKey, Frame, SnapshotPart, SubscribeAnswer } from '@minqing-hub/client-sdk/protocol';
import { chances } from '../simulation/chance.js';
import { Fault } from '../simulation/fault.js';
import { WireLine } from '../simulation/wire-line.js';
import type { ConsoleOnLine } from './console-on-line.js';

const FIRST_TRY_MS = 600;
const LONGEST_TRY_MS = 5_000;

/** The hub says the same to all of a crowd: in one process it is made out once. */
export class SharedReading {
  private readonly known = new Map<string, Frame>();

  frame(text: string): Frame {
    let frame = this.known.get(text);
    if (!frame) this.known.set(text, (frame = JSON.parse(text) as Frame));
    return frame;
  }

  forget(): void {
    this.known.clear();
  }
}

/**
 * A console of one room that does what the wire asks of it, comes back as the SDK's does and keeps its cards in the SDK's
 * store, on a line in its plainest form: it takes little of the machine that it shares with the hub.
 */
export class PlainConsole implements ConsoleOnLine {
  private readonly store = new RoomStore();
  private readonly backOff: BackOff;
  private line!: WireLine;
  private wanted: { offset: number; told: () => void } | undefined;
  private live = false;
  private closed = false;
  private calls = 0;
  /** A snapshot whose parts are still coming. */
  private incoming: { epoch: string; offset: number; left: number; cards: [CardKey, Card][] } | undefined;

  private constructor(
    private hub: string,
    private readonly token: string,
    private readonly room: string,
    name: string,
    private readonly reading: SharedReading,
  ) {
    this.backOff = new BackOff(chances(1, name), FIRST_TRY_MS, LONGEST_TRY_MS);
    this.connect();
  }

  /** Resolves when it is in its room. */
  static async at(
    hub: string,
    token: string,
    room: string,
    name: string,
    reading: SharedReading,
  ): Promise<PlainConsole> {
    const console = new PlainConsole(hub, token, room, name, reading);
    await new Promise<void>((inside) => console.whenAt(0, inside));
    return console;
  }

  get offset(): number {
    return this.store.offset;
  }

  get stands(): string {
    return `${this.store.offset} ${this.store.cards.size}`;
  }

  hold(): void {
    this.line.pause();
  }

  leadTo(hub: string): void {
    this.hub = hub;
    this.live = false;
    this.line.cut();
  }

  whenAt(offset: number, told: () => void): void {
    this.wanted = { offset, told };
    this.perhapsThere();
  }

  close(): void {
    this.closed = true;
    this.line.cut();
  }

  private connect(): void {
    if (this.closed) return;
    const line: WireLine = new WireLine(Number(new URL(this.hub).port), {
      opened: () => undefined,
      text: (payload) => this.line === line && this.text(payload.toString('utf8')),
      closed: () => this.line === line && this.later(this.backOff.next()),
    });
    this.line = line;
  }

  private later(ms: number): void {
    this.live = false;
    this.incoming = undefined;
    setTimeout(() => this.connect(), ms);
  }

  private text(text: string): void {
    if (text.startsWith(FRAME)) this.frame(text.slice(FRAME.length, -1));
    else if (text === '2') this.line.send('3');
    else if (text.startsWith('0')) this.line.send(`40${JSON.stringify({ token: this.token })}`);
    else if (text.startsWith('40')) this.enter();
    else if (text.startsWith('43')) this.answered((JSON.parse(text.slice(text.indexOf('['))) as [SubscribeAnswer])[0]);
    else if (text.startsWith('42["snapshotPart",')) this.part((JSON.parse(text.slice(2)) as [string, SnapshotPart])[1]);
    else if (text.startsWith('44')) this.refused(JSON.parse(text.slice(2)) as { data?: { retryAfterMs?: number } });
    else if (text.startsWith('42["resync"')) this.subscribe();
  }

  /** Not now: asked again no sooner than the hub says. */
  private refused({ data }: { data?: { retryAfterMs?: number } }): void {
    const { line } = this;
    this.line = undefined as never;
    line.cut();
    this.later(this.backOff.next(data?.retryAfterMs));
  }

  private enter(): void {
    this.backOff.reset();
    this.subscribe();
  }

  private subscribe(): void {
    const { epoch, offset } = this.store;
    const call = { room: this.room, ...(epoch === null ? {} : { epoch, offset }) };
    this.line.send(`42${(this.calls += 1)}${JSON.stringify(['subscribe', call])}`);
  }

  private answered(answer: SubscribeAnswer): void {
    if (!answer.ok) throw new Fault(`${this.room}: ${JSON.stringify(answer.error)}`);
    if (answer.mode === 'snapshot') {
      const { epoch, offset, parts, snapshot } = answer;
      const cards = Object.entries(snapshot.cards) as [CardKey, Card][];
      this.incoming = { epoch, offset, left: (parts ?? 1) - 1, cards };
    }
    this.perhapsWhole();
  }

  private part({ cards }: SnapshotPart): void {
    if (!this.incoming) return;
    this.incoming.cards.push(...(Object.entries(cards) as [CardKey, Card][]));
    this.incoming.left -= 1;
    this.perhapsWhole();
  }

  private perhapsWhole(): void {
    const { incoming } = this;
    if (incoming && incoming.left > 0) return;
    if (incoming) this.store.replace(incoming.epoch, incoming.offset, incoming.cards);
    this.incoming = undefined;
    this.live = true;
    this.perhapsThere();
  }

  private frame(text: string): void {
    const { kind } = this.store.apply(this.reading.frame(text));
    if (kind !== 'applied' && kind !== 'known') throw new Fault(`${this.room}: a frame does not fit: ${kind}`);
    this.perhapsThere();
  }

  private perhapsThere(): void {
    const { wanted } = this;
    if (!wanted || !this.live || this.offset < wanted.offset) return;
    this.wanted = undefined;
    wanted.told();
  }
}

const FRAME = '42["frame",';

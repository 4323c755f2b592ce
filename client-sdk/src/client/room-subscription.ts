import type {
  Card,
  CardKey,
  ErrorCode,
  Frame,
  Latest,
  RoomName,
  SnapshotPart,
  SubscribeAnswer,
  SubscribeCall,
} from '../protocol/index.js';
import type { After } from './after.js';
import { BackOff } from './back-off.js';
import { HubProblem } from './hub-problem.js';
import type { Stop } from './listeners.js';
import { RoomFeed } from './room-feed.js';

/** What a subscription asks of the connection. */
export interface RoomLink {
  readonly up: boolean;
  readonly random: () => number;
  readonly after: After;
  /** `null`: no answer came (time over, or the socket was cut). Called in the order in which packets arrive. */
  subscribe(call: SubscribeCall, answer: (answer: SubscribeAnswer | null) => void): void;
}

/** A snapshot whose parts are still coming. */
interface Incoming {
  epoch: string;
  offset: number;
  parts: number;
  got: Map<number, Record<CardKey, Card>>;
}

const EARLY_EVENTS = 20_000;
const PARTS_MS = 30_000;
/** Answers that are no decision about the room: asked again after a while. */
const PASSING: readonly ErrorCode[] = ['unavailable', 'internal', 'too_many_requests', 'unauthenticated'];

/**
 * Keeps one room equal to the hub's: asks with its own offset, applies frames in their place, asks again after a gap, a
 * cut or `resync`. It relies on nothing but offsets: frames and parts may arrive before the answer, twice, or cut short.
 */
export class RoomSubscription {
  readonly feed: RoomFeed;
  readers = 0;
  private attempt = 0;
  private asking = false;
  private incoming: Incoming | null = null;
  private early: Frame[] = [];
  private earlyParts: SnapshotPart[] = [];
  /** The room's head when the hub answered: below it the room is still catching up. */
  private target = 0;
  private stopWaiting: Stop | null = null;
  private readonly backOff: BackOff;

  constructor(
    name: RoomName,
    private readonly link: RoomLink,
  ) {
    this.feed = new RoomFeed(name);
    this.backOff = new BackOff(link.random);
  }

  /** Connected, or opened once more. What was refused or revoked is asked for again only when somebody opens it. */
  start(opened: boolean): void {
    if (!opened && this.decided) return;
    if (this.link.up) this.ask();
    else this.feed.turn('offline');
  }

  down(): void {
    this.forgetCall();
    if (!this.decided) this.feed.turn('offline');
  }

  /** Another user, or nobody: nothing of what was seen stays. */
  reset(): void {
    this.forgetCall();
    this.feed.clear();
    this.feed.turn('offline');
  }

  frame(frame: Frame): void {
    if (this.decided || this.feed.state === 'offline') return;
    if (this.incoming) return this.keepEarly(frame);
    const { kind } = this.feed.apply(frame);
    if (kind === 'applied' || kind === 'known') return this.settle();
    if (this.asking) return this.keepEarly(frame);
    if (kind === 'unfit') this.feed.store.epoch = null;
    if (this.stopWaiting === null) this.ask();
  }

  part(part: SnapshotPart): void {
    if (this.decided) return;
    if (!this.incoming) {
      if (this.asking) this.earlyParts.push(part);
      return;
    }
    this.takePart(part);
    this.completeSnapshot();
  }

  latest(latest: Latest): void {
    if (!this.decided) this.feed.takeLatest(latest);
  }

  resync(): void {
    if (!this.decided && this.link.up) this.ask();
  }

  revoked(problem: HubProblem): void {
    this.forgetCall();
    this.feed.clear();
    this.feed.turn('revoked', problem);
  }

  /** No reader is left. */
  end(): void {
    this.forgetCall();
  }

  /** The client is closed: the cards stay as they were, and nobody waits for more. */
  close(problem: HubProblem): void {
    this.forgetCall();
    this.feed.turn('refused', problem);
  }

  private get decided(): boolean {
    return this.feed.state === 'refused' || this.feed.state === 'revoked';
  }

  private ask(): void {
    this.forgetCall();
    this.asking = true;
    const attempt = this.attempt;
    this.feed.acceptAnyLatest();
    this.feed.turn('subscribing');
    const { epoch, offset } = this.feed.store;
    const call: SubscribeCall = { room: this.feed.name, ...(epoch === null ? {} : { epoch, offset }) };
    this.link.subscribe(call, (answer) => {
      if (attempt !== this.attempt) return;
      this.asking = false;
      if (answer === null) this.askLater();
      else this.answered(answer);
    });
  }

  private askLater(askedForMs?: number): void {
    if (!this.link.up) return;
    this.stopTimer();
    this.stopWaiting = this.link.after(this.backOff.next(askedForMs), () => this.ask());
  }

  private answered(answer: SubscribeAnswer): void {
    if (!answer.ok) {
      if (PASSING.includes(answer.error.code)) return this.askLater(answer.error.retryAfterMs);
      this.forgetCall();
      this.feed.clear();
      return this.feed.turn('refused', new HubProblem(answer.error));
    }
    if (answer.mode === 'resumed') {
      if (answer.epoch !== this.feed.store.epoch) return this.askAfresh();
      this.target = answer.offset;
      return this.drainEarly();
    }
    const { epoch, offset, snapshot, parts } = answer;
    this.target = offset;
    this.incoming = { epoch, offset, parts: parts ?? 1, got: new Map([[1, snapshot.cards]]) };
    for (const part of this.earlyParts) this.takePart(part);
    this.earlyParts = [];
    this.completeSnapshot();
  }

  private takePart(part: SnapshotPart): void {
    const { incoming } = this;
    if (!incoming || part.epoch !== incoming.epoch || part.offset !== incoming.offset) return;
    if (part.part >= 1 && part.part <= incoming.parts) incoming.got.set(part.part, part.cards);
  }

  private completeSnapshot(): void {
    const { incoming, feed } = this;
    if (!incoming) return;
    if (incoming.got.size < incoming.parts) {
      this.stopWaiting ??= this.link.after(PARTS_MS, () => this.ask());
      return;
    }
    this.incoming = null;
    this.stopTimer();
    feed.replace(incoming.epoch, incoming.offset, cardsOf(incoming));
    this.drainEarly();
  }

  private drainEarly(): void {
    const frames = this.early;
    this.early = [];
    for (const frame of frames) {
      const { kind } = this.feed.apply(frame);
      if (kind === 'unfit' || kind === 'other_epoch') return this.askAfresh();
      if (kind === 'gap') {
        // What is missing may be on its way behind the answer; if it does not come soon, ask once more.
        this.target = Math.max(this.target, frame.from + frame.events.length - 1);
        return this.askLater();
      }
    }
    this.settle();
  }

  private settle(): void {
    if (this.asking || this.incoming || this.feed.store.offset < this.target) return;
    this.stopTimer();
    this.backOff.reset();
    this.feed.turn('live');
  }

  /** The store cannot be carried on: the next answer must be a snapshot. */
  private askAfresh(): void {
    this.feed.store.epoch = null;
    this.forgetCall();
    this.askLater();
  }

  private keepEarly(frame: Frame): void {
    this.early.push(frame);
    // Too many to hold: without them there will be a gap, and a gap is asked for.
    if (this.early.reduce((sum, { events }) => sum + events.length, 0) > EARLY_EVENTS) this.early = [];
  }

  private forgetCall(): void {
    this.attempt += 1;
    this.asking = false;
    this.incoming = null;
    this.early = [];
    this.earlyParts = [];
    this.target = 0;
    this.stopTimer();
  }

  private stopTimer(): void {
    this.stopWaiting?.();
    this.stopWaiting = null;
  }
}

function* cardsOf({ got }: Incoming): Iterable<[CardKey, Card]> {
  for (const cards of got.values()) yield* Object.entries(cards) as [CardKey, Card][];
}

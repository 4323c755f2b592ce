import type { Card, CardKey, Frame, HubEvent, Latest, RoomName } from '../protocol/index.js';
import { HubProblem } from './hub-problem.js';
import { Listeners } from './listeners.js';
import type { EventPlace, RoomChange, RoomHandle, RoomState } from './room-handle.js';
import { RoomStore, type FrameOutcome } from './room-store.js';

/** A room's store, state and readers, whoever feeds it: the hub's frames, or a test's fake hub. */
export class RoomFeed {
  readonly store = new RoomStore();
  readonly latest = new Map<string, unknown>();
  state: RoomState = 'offline';
  problem: HubProblem | null = null;
  readonly changes = new Listeners<[RoomChange]>();
  readonly events = new Listeners<[HubEvent, EventPlace]>();
  private readonly versions = new Map<string, number>();

  constructor(readonly name: RoomName) {}

  apply(frame: Frame): FrameOutcome {
    const outcome = this.store.apply(frame);
    if (outcome.kind !== 'applied') return outcome;
    const first = this.store.offset - outcome.events.length + 1;
    outcome.events.forEach((event, i) =>
      this.events.tell(event, { room: this.name, epoch: frame.epoch, offset: first + i }),
    );
    this.tell({ cards: outcome.keys });
    return outcome;
  }

  replace(epoch: string, offset: number, cards: Iterable<[CardKey, Card]>): void {
    this.tell({ cards: this.store.replace(epoch, offset, cards) });
  }

  clear(): void {
    const latest = [...this.latest.keys()];
    this.latest.clear();
    this.versions.clear();
    this.tell({ cards: this.store.clear(), latest });
  }

  /** A hub that was started anew counts versions from the start: after each subscribe the first value is taken. */
  acceptAnyLatest(): void {
    this.versions.clear();
  }

  takeLatest({ key, version, data }: Latest): void {
    const known = this.versions.get(key);
    if (known !== undefined && version <= known) return;
    this.versions.set(key, version);
    this.latest.set(key, data);
    this.tell({ latest: [key] });
  }

  turn(state: RoomState, problem: HubProblem | null = null): void {
    if (this.state === state) return;
    this.state = state;
    this.problem = problem;
    this.tell({});
  }

  /** `closed` is called once, when this reader closes. */
  handle(closed: () => void): RoomHandle {
    return new OpenRoom(this, closed);
  }

  private tell(change: Partial<RoomChange>): void {
    this.changes.tell({ cards: [], latest: [], ...change, state: this.state });
  }
}

class OpenRoom implements RoomHandle {
  private readonly stops = new Set<() => void>();
  private readonly waiting = new Set<(problem: HubProblem) => void>();
  private open = true;

  constructor(
    private readonly feed: RoomFeed,
    private readonly closed: () => void,
  ) {}

  get name(): RoomName {
    return this.feed.name;
  }
  get cards(): ReadonlyMap<CardKey, Card> {
    return this.feed.store.cards;
  }
  get latest(): ReadonlyMap<string, unknown> {
    return this.feed.latest;
  }
  get epoch(): string | null {
    return this.feed.store.epoch;
  }
  get offset(): number {
    return this.feed.store.offset;
  }
  get state(): RoomState {
    return this.open ? this.feed.state : 'offline';
  }
  get problem(): HubProblem | null {
    return this.feed.problem;
  }

  onChange(listener: (change: RoomChange) => void): () => void {
    return this.until(this.feed.changes.add(listener));
  }

  onEvent(listener: (event: HubEvent, place: EventPlace) => void): () => void {
    return this.until(this.feed.events.add(listener));
  }

  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const decided = (): boolean => {
        if (!this.open) reject(closedProblem());
        else if (this.feed.state === 'live') resolve();
        else if (this.feed.state === 'refused' || this.feed.state === 'revoked')
          reject(this.feed.problem ?? closedProblem());
        else return false;
        return true;
      };
      if (decided()) return;
      const stop = this.onChange(() => {
        if (!decided()) return;
        stop();
        this.waiting.delete(reject);
      });
      this.waiting.add(reject);
    });
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    for (const stop of this.stops) stop();
    for (const reject of this.waiting) reject(closedProblem());
    this.closed();
  }

  private until(stop: () => void): () => void {
    if (!this.open) {
      stop();
      return stop;
    }
    const once = (): void => {
      stop();
      this.stops.delete(once);
    };
    this.stops.add(once);
    return once;
  }
}

const closedProblem = (): HubProblem => new HubProblem({ code: 'unavailable', message: '已停止订阅' });

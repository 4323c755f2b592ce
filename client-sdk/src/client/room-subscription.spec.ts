import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type {
  Card,
  CardChange,
  CardKey,
  Frame,
  HubEvent,
  SnapshotPart,
  SubscribeAnswer,
  SubscribeCall,
} from '../protocol/index.js';
import { exampleSeat } from '../testing/example-cards.js';
import { HubProblem } from './hub-problem.js';
import { RoomSubscription, type RoomLink } from './room-subscription.js';

const EPOCHS = ['e0', 'e1', 'e2', 'e3'];

/** A hub with one room and a bad line to it. Packets arrive in order when `deliver` is called; timers when `wait` is. */
class Line {
  readonly cards = new Map<CardKey, Card>();
  log: HubEvent[] = [];
  private base = 0;
  private epoch = 0;
  private joined = false;
  private packets: (() => void)[] = [];
  /** Answers that other packets overtake. */
  private late: (() => void)[] = [];
  private timers: (() => void)[] = [];
  private cuts = 0;
  subscription!: RoomSubscription;
  up = true;
  partsOf = 1;
  framesFirst = false;
  private written = 0;

  readonly link: RoomLink = (() => {
    const up = (): boolean => this.up;
    return {
      get up() {
        return up();
      },
      random: () => 0.5,
      after: (_ms, call) => {
        this.timers.push(call);
        return () => {
          this.timers = this.timers.filter((timer) => timer !== call);
        };
      },
      subscribe: (call, answer) => this.subscribe(call, answer),
    };
  })();

  get head(): number {
    return this.base + this.log.length;
  }

  write(seat: number, op: CardChange['op'], told: 'frame' | 'lost' | 'twice' | 'overlapping'): void {
    const key: CardKey = `seat:${seat}`;
    this.written += 1;
    const card = exampleSeat({ seatId: `${seat}`, userId: `u${this.written}`, presenceSince: this.written });
    const present = this.cards.has(key);
    const change: CardChange | undefined =
      op === 'gone'
        ? present
          ? { key, op }
          : undefined
        : op === 'change' && present
          ? { key, op, fields: { presenceSince: this.written } }
          : { key, op: 'enter', card };
    if (change?.op === 'enter') this.cards.set(key, change.card);
    if (change?.op === 'change') this.cards.set(key, { ...this.cards.get(key), ...change.fields } as Card);
    if (change?.op === 'gone') this.cards.delete(key);
    this.log.push({
      id: `ev${this.written}`,
      type: 'seat.presence_changed',
      at: 0,
      actor: 'a',
      data: change ? { card: change } : {},
    });
    if (!this.joined || told === 'lost') return;
    this.send(this.frameFrom(told === 'overlapping' ? Math.max(this.base + 1, this.head - 3) : this.head));
    if (told === 'twice') this.send(this.frameFrom(this.head));
  }

  cut(): void {
    this.up = false;
    this.joined = false;
    this.packets = [];
    this.late = [];
    this.cuts += 1;
    this.subscription.down();
  }

  reconnect(): void {
    this.up = true;
    this.subscription.start(false);
  }

  resync(): void {
    if (!this.up) return;
    this.joined = false;
    this.packets.push(() => this.subscription.resync());
  }

  /** A restore: another log, whose offsets mean something else. */
  newEpoch(): void {
    this.epoch = Math.min(this.epoch + 1, EPOCHS.length - 1);
    this.base = 100;
    this.log = [];
    this.cut();
    this.reconnect();
  }

  /** Retention: whoever is behind now can only get a snapshot. */
  trim(): void {
    this.base = this.head;
    this.log = [];
  }

  deliver(count: number): void {
    for (let i = 0; i < count; i += 1) this.packets.shift()?.();
    this.packets.push(...this.late.splice(0));
  }

  wait(): void {
    for (const timer of this.timers.splice(0)) timer();
  }

  /** Until nothing is on its way any more. */
  quiet(): void {
    for (let i = 0; i < 200 && (this.packets.length > 0 || this.late.length > 0 || this.timers.length > 0); i += 1) {
      this.deliver(this.packets.length);
      this.wait();
    }
  }

  private send(frame: Frame): void {
    this.packets.push(() => this.subscription.frame(frame));
  }

  private frameFrom(from: number, to = this.head): Frame {
    const events = this.log.slice(from - this.base - 1, to - this.base);
    return { room: 'floor', epoch: EPOCHS[this.epoch] as string, from, events };
  }

  private subscribe(call: SubscribeCall, answer: (answer: SubscribeAnswer | null) => void): void {
    const epoch = EPOCHS[this.epoch] as string;
    const offset = this.head;
    const { cuts } = this;
    const resumes =
      call.epoch === epoch && call.offset !== undefined && call.offset <= offset && call.offset >= this.base;
    const whole = [...this.cards];
    const parts = resumes ? 1 : this.partsOf;
    const cardsOf = (part: number): Record<CardKey, Card> =>
      Object.fromEntries(whole.filter((_, i) => i % parts === part - 1));
    this.joined = true;
    const answered = (): void => {
      if (cuts !== this.cuts) return;
      if (resumes) answer({ ok: true, mode: 'resumed', epoch, offset: call.offset as number });
      else answer({ ok: true, mode: 'snapshot', epoch, offset, snapshot: { cards: cardsOf(1) }, parts });
    };
    const rest: (() => void)[] = [];
    for (let part = 2; part <= parts; part += 1) {
      const said: SnapshotPart = { room: 'floor', epoch, offset, part, parts, cards: cardsOf(part) };
      rest.push(() => this.subscription.part(said));
    }
    if (resumes && offset > (call.offset as number)) {
      const frame = this.frameFrom((call.offset as number) + 1, offset);
      rest.push(() => this.subscription.frame(frame));
    }
    if (this.framesFirst) {
      this.packets.push(...rest);
      this.late.push(answered);
    } else this.packets.push(answered, ...rest);
  }
}

function lineTo(): { line: Line; subscription: RoomSubscription; told: string[] } {
  const line = new Line();
  const subscription = new RoomSubscription('floor', line.link);
  line.subscription = subscription;
  const told: string[] = [];
  subscription.feed.events.add(({ id }, { epoch, offset }) => told.push(`${epoch} ${offset} ${id}`));
  return { line, subscription, told };
}

const cardsIn = (subscription: RoomSubscription): unknown => Object.fromEntries(subscription.feed.store.cards);

describe('RoomSubscription', () => {
  it('is equal to the hub after any line faults, and tells every event at most once and in order [I3]', () => {
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          do: fc.constant('write' as const),
          seat: fc.integer({ min: 1, max: 5 }),
          op: fc.constantFrom<CardChange['op'][]>('enter', 'change', 'gone'),
          told: fc.constantFrom(
            'frame' as const,
            'frame' as const,
            'lost' as const,
            'twice' as const,
            'overlapping' as const,
          ),
        }),
      },
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 5 }) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constantFrom('cut', 'reconnect', 'resync', 'wait', 'epoch', 'framesFirst', 'trim'),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('parts' as const), count: fc.integer({ min: 1, max: 4 }) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { line, subscription, told } = lineTo();
        subscription.start(true);
        for (const step of steps) {
          if (step.do === 'write' && 'op' in step) line.write(step.seat, step.op, step.told);
          else if (step.do === 'deliver' && 'count' in step) line.deliver(step.count);
          else if (step.do === 'parts' && 'count' in step) line.partsOf = step.count;
          else if (step.do === 'cut') line.cut();
          else if (step.do === 'reconnect' && !line.up) line.reconnect();
          else if (step.do === 'resync') line.resync();
          else if (step.do === 'wait') line.wait();
          else if (step.do === 'epoch') line.newEpoch();
          else if (step.do === 'trim') line.trim();
          else if (step.do === 'framesFirst') line.framesFirst = !line.framesFirst;
        }
        if (!line.up) line.reconnect();
        line.quiet();
        // A frame that was lost last shows as soon as the next one comes.
        line.write(1, 'enter', 'frame');
        line.quiet();

        expect(subscription.feed.state).toBe('live');
        expect(subscription.feed.store.offset).toBe(line.head);
        expect(cardsIn(subscription)).toEqual(Object.fromEntries(line.cards));
        expect(new Set(told).size).toBe(told.length);
        const places = told.map((entry) => entry.split(' '));
        for (let i = 1; i < places.length; i += 1) {
          const [epoch, offset] = places[i] as string[];
          const [epochBefore, offsetBefore] = places[i - 1] as string[];
          if (epoch === epochBefore) expect(Number(offset)).toBeGreaterThan(Number(offsetBefore));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('shows a snapshot in parts only when it has all of them', () => {
    const { line, subscription } = lineTo();
    for (const seat of [1, 2, 3]) line.write(seat, 'enter', 'lost');
    line.partsOf = 3;
    subscription.start(true);
    line.deliver(2);
    line.write(1, 'change', 'frame');
    expect([subscription.feed.state, subscription.feed.store.cards.size]).toEqual(['subscribing', 0]);
    line.quiet();
    expect([subscription.feed.state, subscription.feed.store.offset]).toEqual(['live', 4]);
    expect(cardsIn(subscription)).toEqual(Object.fromEntries(line.cards));
  });

  it('keeps what it shows until another log has been read whole', () => {
    const { line, subscription } = lineTo();
    line.write(1, 'enter', 'lost');
    subscription.start(true);
    line.quiet();
    line.newEpoch();
    expect([subscription.feed.state, subscription.feed.store.cards.size]).toEqual(['subscribing', 1]);
    line.quiet();
    expect([subscription.feed.store.epoch, subscription.feed.state]).toEqual(['e1', 'live']);
  });

  it('is emptied when the right is lost, and asks again only when it is opened again', () => {
    const { line, subscription } = lineTo();
    line.write(1, 'enter', 'lost');
    subscription.start(true);
    line.quiet();
    subscription.revoked(new HubProblem({ code: 'forbidden', message: '权限已变更' }));
    expect([subscription.feed.state, subscription.feed.store.cards.size]).toEqual(['revoked', 0]);
    line.write(2, 'enter', 'frame');
    line.cut();
    line.reconnect();
    line.quiet();
    expect([subscription.feed.state, subscription.feed.store.cards.size]).toEqual(['revoked', 0]);
    subscription.start(true);
    line.quiet();
    expect([subscription.feed.state, subscription.feed.store.cards.size]).toEqual(['live', 2]);
  });

  it('takes the newest of a conflated value, and any after subscribing anew', () => {
    const { line, subscription } = lineTo();
    subscription.start(true);
    line.quiet();
    const value = (version: number, data: number): void =>
      subscription.latest({ room: 'floor', key: 'waiting', version, data });
    value(5, 50);
    value(4, 40);
    expect(subscription.feed.latest.get('waiting')).toBe(50);
    line.cut();
    line.reconnect();
    value(1, 10);
    expect(subscription.feed.latest.get('waiting')).toBe(10);
  });
});

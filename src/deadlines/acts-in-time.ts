import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ActsElsewhere } from '../commands/acts-elsewhere.js';
import { CommandBus } from '../commands/command-bus.js';
import { Clock } from '../config/clock.js';
import { aheadOfShared, SharedTime } from '../storage/shared-time.js';
import { OthersFirst, type ReadTx } from '../storage/unit-of-work.js';
import type { DueClock } from './due-clocks.js';

/** A node that has not got so far by then has its time behind this one's: only what it says to be under way counts. */
const WAIT_FOR_WORD_MS = 2_000;
/** Unless it is this node that is ahead of the time of all, by more than that: then the signal is left to the others. */
const AHEAD_MS = 1_000;
/** Longer than anything is under way: such a clock has ended meanwhile. */
const FORGET_AFTER_MS = 30_000;

/** A clock that is due, as far as it can be told by it who was in time. */
type Judge = Pick<DueClock, 'clockId' | 'subject' | 'signalAt' | 'dueAt'>;

/**
 * Which clocks that are due have to wait for somebody: who came in time is not judged by a clock that was said to be over
 * while the act still stood in line, or was tried again, at whatever node. [CK14]
 */
@Injectable()
export class ActsInTime implements OnModuleInit {
  private readonly listeners: ((clockId: string) => void)[] = [];
  /** Clocks that wait for what another node says, and since when by the machine. */
  private readonly waiting = new Map<string, number>();

  constructor(
    private readonly bus: CommandBus,
    private readonly elsewhere: ActsElsewhere,
    private readonly clock: Clock,
    private readonly time: SharedTime,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.elsewhere.begin(
      () => ({ upTo: this.clock.now(), first: this.bus.underWay.first }),
      () => this.told(),
    );
  }

  /** Called when a clock that waited for another node need not do so any more, perhaps. */
  onTold(listener: (clockId: string) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Those of `clocks`, which run for orders and whistles, of which may not be said yet what they have to say by `now`. `mayLeave`:
   * another node may say it, for whom it is not so late yet.
   */
  async awaited<C extends Judge>(tx: ReadTx, clocks: readonly C[], now: number, mayLeave = true): Promise<Set<C>> {
    if (clocks.length === 0) return new Set();
    const here = this.bus.underWay.first;
    const others = await this.elsewhere.told(tx);
    // A hub that was off says amber late, and overdue with it.
    const judgesBy = ({ signalAt, dueAt }: Judge) => (dueAt <= now ? Math.max(signalAt, dueAt) : signalAt);
    const inTime = (clock: Judge) =>
      [here, ...others.map(({ first }) => first)].some((first) => first[numberOf(clock.subject)]! < judgesBy(clock));
    const unsaid = new Set(clocks.filter((clock) => others.some(({ upTo }) => upTo < judgesBy(clock))));
    const isLong = (clock: C) => this.waitedFor(clock) >= WAIT_FOR_WORD_MS;
    const leaves = mayLeave && [...unsaid].some(isLong) && (await this.isAhead(tx));
    const unknown = (clock: C) => unsaid.has(clock) && (leaves || !isLong(clock));
    if (clocks.some(unknown)) this.elsewhere.ask();
    const awaited = new Set(clocks.filter((clock) => inTime(clock) || unknown(clock)));
    if (others.length > 0) for (const clock of clocks) this.keep(clock, awaited.has(clock));
    return awaited;
  }

  /**
   * For what somebody does that has these clocks say what they have to say: who came earlier may be tried again behind it.
   * @throws {OthersFirst}
   */
  async letEarlierGoFirst(tx: ReadTx, clocks: readonly Judge[], now: number): Promise<void> {
    if (this.elsewhere.inOrder) return;
    if ((await this.awaited(tx, clocks, now, false)).size > 0)
      throw new OthersFirst('an act that came in time is under way');
  }

  private async isAhead(tx: ReadTx): Promise<boolean> {
    return (await aheadOfShared(tx, this.time, this.clock)) > AHEAD_MS;
  }

  private waitedFor({ clockId }: Judge): number {
    return performance.now() - (this.waiting.get(clockId) ?? performance.now());
  }

  private keep({ clockId }: Judge, waits: boolean): void {
    if (!waits) this.waiting.delete(clockId);
    else if (!this.waiting.has(clockId)) this.waiting.set(clockId, performance.now());
  }

  private told(): void {
    for (const [clockId, since] of this.waiting) {
      if (performance.now() - since > FORGET_AFTER_MS) this.waiting.delete(clockId);
      else for (const listener of this.listeners) listener(clockId);
    }
  }
}

/** Of an order or a whistle: no two have the same. */
const numberOf = (subject: string): string => subject.slice(subject.indexOf(':') + 1);

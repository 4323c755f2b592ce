import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { Alarms } from './alarms.js';
import { Beat } from './beat.js';
import { RingClock } from './ring-clock.js';

const BATCH = 200;
/** More than these due within one horizon ring by the sweep alone, within the same second. */
const MOST_ARMED_AT_ONCE = 10_000;

interface RunningClock {
  clock_id: string;
  next_signal_at: number;
}

/**
 * Makes clocks sure: reads what is due by index, when the hub begins to serve and every second, and rings it.
 * Finds what an alarm missed: lost, beyond the horizon, or fallen due while the hub was off. [CK4] [CK5]
 */
@Injectable()
export class Sweeper implements OnModuleInit, BeforeApplicationShutdown {
  /** Clocks due up to here have an alarm. */
  private armedTo = 0;
  private readonly log = new Logger('Sweeper');

  constructor(
    private readonly beat: Beat,
    private readonly alarms: Alarms,
    private readonly ringClock: RingClock,
    private readonly clock: Clock,
    private readonly readModel: ReadModel,
  ) {}

  onModuleInit(): void {
    this.alarms.onRing((clockId) => void this.ringClock.ring(clockId));
    this.beat.each(() => this.sweep());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.alarms.close();
    await this.ringClock.idle();
  }

  /** Rings everything due, in batches. One that cannot ring stands in nobody's way: each is tried once a sweep. */
  async sweep(): Promise<void> {
    this.alarms.realign();
    let last: RunningClock = { clock_id: '', next_signal_at: -1 };
    for (;;) {
      const due = await this.running(last, this.clock.now(), BATCH);
      const failures = await Promise.all(due.map(({ clock_id }) => this.ringClock.ring(clock_id)));
      this.tell(failures.filter((failure) => failure !== undefined));
      if (due.length < BATCH) break;
      last = due.at(-1)!;
    }
    await this.armNear();
  }

  /** One line for a batch: an outage has many clocks. */
  private tell([first, ...others]: Error[]): void {
    if (first) this.log.error(`${1 + others.length} due clocks could not ring; the next sweep tries again`, first);
  }

  /** Arms what has come within the horizon, twice a horizon. */
  private async armNear(): Promise<void> {
    const now = this.clock.now();
    const { horizonMs } = this.alarms;
    if (this.armedTo > now + horizonMs / 2) return;
    const near = await this.running({ clock_id: '', next_signal_at: now }, now + horizonMs, MOST_ARMED_AT_ONCE);
    for (const { clock_id, next_signal_at } of near) this.alarms.arm(clock_id, next_signal_at);
    this.armedTo = now + horizonMs;
  }

  /** Running clocks after `from` (in order of time, then id) up to the time `to`. */
  private running(from: RunningClock, to: number, limit: number): Promise<RunningClock[]> {
    return this.readModel.run((tx) =>
      tx.all<RunningClock>(
        `SELECT clock_id, next_signal_at FROM clock
         WHERE state = 'running' AND next_signal_at >= ? AND next_signal_at <= ?
           AND (next_signal_at > ? OR clock_id > ?)
         ORDER BY next_signal_at, clock_id LIMIT ?`,
        [from.next_signal_at, to, from.next_signal_at, from.clock_id, limit],
      ),
    );
  }
}

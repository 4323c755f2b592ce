import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { Alarms } from './alarms.js';
import { Beat } from './beat.js';
import { BEFORE_ALL, type Place, runningBetween } from './due-clocks.js';
import { RingClock } from './ring-clock.js';

const BATCH = 200;
/** More than these are not armed ahead, however many lie within the horizon. */
const MOST_ARMED_AHEAD = 5_000;
/** Two beats: time enough to arm the next ones where those are many. */
const ARM_AHEAD_MS = 2_000;

/**
 * Makes clocks sure: reads what is due by index, when the hub begins to serve and every second, and rings it.
 * Finds what an alarm missed: lost, beyond the horizon, or fallen due while the hub was off. [CK4] [CK5]
 */
@Injectable()
export class Sweeper implements OnModuleInit, BeforeApplicationShutdown {
  /** Clocks up to here have an alarm, or got one when they were started or moved. */
  private armedTo: Place = BEFORE_ALL;
  private ending = false;
  /** Who found clocks due, counted up. The sweep finds some that an alarm is just ringing. */
  readonly found = { alarm: 0, sweep: 0 };
  private readonly log = new Logger('Sweeper');

  constructor(
    private readonly beat: Beat,
    private readonly alarms: Alarms,
    private readonly ringClock: RingClock,
    private readonly clock: Clock,
    private readonly readModel: ReadModel,
  ) {}

  onModuleInit(): void {
    this.alarms.onRing((clockId) => {
      this.found.alarm += 1;
      void this.ringClock.ring(clockId);
    });
    this.alarms.onForgotten(() => (this.armedTo = BEFORE_ALL));
    // Apart from the sweep, which takes long when much has fallen due.
    this.beat.each(() => this.keepAlarms());
    this.beat.each(() => this.sweep());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    await this.alarms.close();
    await this.ringClock.close();
  }

  /** Rings everything due, in batches. One that cannot ring stands in nobody's way: each is tried once a sweep. */
  async sweep(): Promise<void> {
    for (let last = BEFORE_ALL; !this.ending;) {
      const due = await this.running(last, this.clock.now(), BATCH);
      this.found.sweep += due.length;
      const failures = await Promise.all(due.map(({ clockId }) => this.ringClock.ring(clockId)));
      this.tell(failures.filter((failure) => failure !== undefined));
      if (due.length < BATCH) break;
      last = due.at(-1)!;
    }
  }

  /** One line for a batch: an outage has many clocks. */
  private tell([first, ...others]: Error[]): void {
    if (first) this.log.error(`${1 + others.length} due clocks could not ring; the next sweep tries again`, first);
  }

  private async keepAlarms(): Promise<void> {
    this.alarms.realign();
    await this.armNear();
  }

  /** Arms what has come within the horizon: twice a horizon, or, where it is crowded, when those armed run out. [CK6] */
  private async armNear(): Promise<void> {
    const now = this.clock.now();
    const horizon = now + this.alarms.horizonMs;
    const crowded = this.armedTo.clockId !== '';
    const wentBack = this.armedTo.signalAt > horizon;
    const enough = now + (crowded ? Math.min(ARM_AHEAD_MS, this.alarms.horizonMs / 2) : this.alarms.horizonMs / 2);
    if (this.armedTo.signalAt > enough && !wentBack) return;
    const from = crowded && this.armedTo.signalAt > now && !wentBack ? this.armedTo : { signalAt: now, clockId: '' };
    const near = await this.running(from, horizon, MOST_ARMED_AHEAD);
    for (const { clockId, signalAt } of near) this.alarms.arm(clockId, signalAt);
    this.armedTo = near.length < MOST_ARMED_AHEAD ? { signalAt: horizon, clockId: '' } : near.at(-1)!;
  }

  private running(from: Place, to: number, limit: number): Promise<Place[]> {
    return this.readModel.run((tx) => runningBetween(tx, from, to, limit));
  }
}

import { Injectable } from '@nestjs/common';
import { Alarms } from '../../deadlines/alarms.js';
import { RingClock } from '../../deadlines/ring-clock.js';
import { Sweeper } from '../../deadlines/sweeper.js';
import { TimeApart } from '../time-apart.js';
import { Meters } from './meters.js';

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600];

@Injectable()
export class ClockMetrics {
  constructor(meters: Meters, ringClock: RingClock, sweeper: Sweeper, alarms: Alarms, apart: TimeApart) {
    const lateness = meters.histogram(
      'hub_clock_lateness_seconds',
      'How late signals of clocks were raised, by the hub’s time, seconds; what came due while the hub was off counts',
      SECONDS,
    );
    ringClock.onRung((lateMs) => lateness.observe(lateMs / 1_000));
    meters.counter(
      'hub_due_clocks_found_total',
      'Clocks found due, by who found them: alarm, or sweep, which also finds those that an alarm is just ringing',
      () => Object.entries(sweeper.found),
      'by',
    );
    meters.gauge('hub_alarms_serving', '1 while what keeps the alarms serves (Redis, or this process), else 0', () =>
      alarms.failing === undefined ? 1 : 0,
    );
    meters.gauge(
      'hub_time_ahead_seconds',
      'How far this machine’s time is ahead of the database’s, seconds; below 0: behind; on SQLite always 0',
      async () => (await apart.measure()) / 1_000,
    );
  }
}

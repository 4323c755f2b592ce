import { Injectable } from '@nestjs/common';
import type { QueueStats } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../../config/clock.js';
import { FloorCounters } from '../../floor/floor-counters.js';
import { Meters } from './meters.js';

/** The same at every node. */
@Injectable()
export class FloorMetrics {
  constructor(meters: Meters, floor: FloorCounters, clock: Clock) {
    const eachQueue = (name: string, help: string, figure: (stats: QueueStats) => number) =>
      meters.gauge(
        name,
        help,
        () => Object.entries(floor.standing?.queues ?? {}).map(([queue, stats]) => [queue, figure(stats)] as const),
        'queue',
      );
    eachQueue('hub_queue_waiting', 'Items that wait, by queue', ({ waiting }) => waiting);
    eachQueue('hub_queue_in_hand', 'Items offered or claimed, by queue', ({ offered, claimed }) => offered + claimed);
    eachQueue('hub_queue_breached', 'Open items past their due, by queue', ({ breached }) => breached);
    eachQueue('hub_queue_oldest_seconds', 'How long the oldest waiting item has waited, by queue, seconds', (stats) =>
      stats.oldestQueuedAt === null ? 0 : Math.max(0, (clock.now() - stats.oldestQueuedAt) / 1_000),
    );
    meters.gauge('hub_seats', 'Seats, by presence', () => Object.entries(floor.standing?.seats ?? {}), 'presence');
  }
}

import { Injectable } from '@nestjs/common';
import { Push } from '../../realtime/push.js';
import { Meters } from './meters.js';

@Injectable()
export class DeliveryMetrics {
  constructor(meters: Meters, push: Push) {
    meters.gauge('hub_consoles', 'Connected consoles', () => push.standing.consoles);
    meters.gauge(
      'hub_delivery_backlog_events',
      'Events handed out and not yet in a frame',
      () => push.standing.backlog,
    );
    meters.counter('hub_frames_total', 'Frames: one for each room and moment', () => push.figures.frames);
    meters.counter('hub_deliveries_total', 'Events times consoles told of them', () => push.figures.deliveries);
    meters.counter('hub_values_total', 'Values (latest) times consoles told of them', () => push.figures.values);
    meters.counter(
      'hub_room_entries_total',
      'How consoles came into rooms: resumed, snapshot or refused',
      () => Object.entries(push.figures.entered),
      'mode',
    );
    meters.counter(
      'hub_resyncs_total',
      'Rooms that a slow console was told to catch up with',
      () => push.figures.resyncs,
    );
    meters.gauge('hub_slow_consoles', 'Consoles told nothing until they read', () => push.standing.unread.length);
    meters.gauge(
      'hub_slow_console_bytes',
      'Bytes kept for slow consoles: for the one with most, and for all',
      () => {
        const { unread } = push.standing;
        return [
          ['most', Math.max(0, ...unread)] as const,
          ['all', unread.reduce((sum, bytes) => sum + bytes, 0)] as const,
        ];
      },
      'of',
    );
  }
}

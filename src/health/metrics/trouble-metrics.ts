import { Injectable } from '@nestjs/common';
import { Checks } from '../checks.js';
import { Troubles } from '../troubles.js';
import { Meters } from './meters.js';

@Injectable()
export class TroubleMetrics {
  constructor(meters: Meters, { all }: Checks, troubles: Troubles) {
    meters.gauge(
      'hub_trouble_seconds',
      'How long a part has not worked, as /api/health/ready names it, seconds; 0 while it works',
      () => {
        const seconds = new Map(all.map(({ part }) => [part, 0]));
        // What has only just begun is not nothing.
        for (const trouble of troubles.last) seconds.set(trouble.part, Math.max(1, trouble.seconds));
        return seconds;
      },
      'part',
    );
  }
}

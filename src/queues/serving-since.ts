import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../config/clock.js';

/** Since when consoles can reach this node. */
@Injectable()
export class ServingSince implements OnApplicationBootstrap {
  private since: number | undefined;

  constructor(private readonly clock: Clock) {}

  /** ms UTC; before it serves, now. */
  get at(): number {
    return this.since ?? this.clock.now();
  }

  onApplicationBootstrap(): void {
    this.since = this.clock.now();
  }
}

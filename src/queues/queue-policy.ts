import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';

/** What a city has decided about queues and seats. */
@Injectable()
export class QueuePolicy {
  /** [QS4] Items that a seat may hold at a time. */
  readonly capacity: number;
  /** [QS5] */
  readonly offerMs: number;
  /** [QS8] */
  readonly graceMs: number;

  constructor(policy: Policy) {
    this.capacity = policy.number('seat.capacity');
    this.offerMs = policy.number('offer.seconds') * 1000;
    this.graceMs = policy.number('seat.graceSeconds') * 1000;
  }
}

import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';

/** What a city has decided about presence. */
@Injectable()
export class SeatPolicy {
  /** [QS8] */
  readonly graceMs: number;
  /** [PS3] */
  readonly wrapUpMs: number;
  /** [PS4] */
  readonly leaseMs: number;

  constructor(policy: Policy) {
    this.graceMs = policy.number('seat.graceSeconds') * 1000;
    this.wrapUpMs = policy.number('wrapUp.seconds') * 1000;
    this.leaseMs = policy.number('node.leaseSeconds') * 1000;
  }
}

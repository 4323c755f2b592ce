import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';

/** What a city has decided about presence, as it stands when asked. */
@Injectable()
export class SeatPolicy {
  constructor(private readonly policy: Policy) {}

  /** [QS8] */
  get graceMs(): number {
    return this.policy.number('seat.graceSeconds') * 1000;
  }

  /** [PS3] */
  get wrapUpMs(): number {
    return this.policy.number('wrapUp.seconds') * 1000;
  }

  /** [PS4] */
  get leaseMs(): number {
    return this.policy.number('node.leaseSeconds') * 1000;
  }
}

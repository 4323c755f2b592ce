import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';

/** What a city has decided about calls, as it stands when asked. */
@Injectable()
export class CallPolicy {
  constructor(private readonly policy: Policy) {}

  /** [CT6] */
  get answerMs(): number {
    return this.policy.number('call.answerSeconds') * 1000;
  }

  /** [CT4] */
  get afterMs(): number {
    return this.policy.number('call.afterMinutes') * 60_000;
  }

  /** [CT7] */
  get longestMs(): number {
    return this.policy.number('call.longestMinutes') * 60_000;
  }

  /** [CT3] How long a seat writes up a call: after that nothing of it is left to do. */
  get wrapUpMs(): number {
    return this.policy.number('wrapUp.seconds') * 1000;
  }

  /** By how much another clock may be ahead of the hub's. */
  get skewMs(): number {
    return this.policy.number('intake.clockSkewSeconds') * 1000;
  }
}

import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';

/** What a city has decided about calls. */
@Injectable()
export class CallPolicy {
  /** [CT6] */
  readonly answerMs: number;
  /** [CT4] */
  readonly afterMs: number;
  /** [CT7] */
  readonly longestMs: number;
  /** [CT3] How long a seat writes up a call: after that nothing of it is left to do. */
  readonly wrapUpMs: number;
  /** By how much another clock may be ahead of the hub's. */
  readonly skewMs: number;

  constructor(policy: Policy) {
    this.answerMs = policy.number('call.answerSeconds') * 1000;
    this.afterMs = policy.number('call.afterMinutes') * 60_000;
    this.longestMs = policy.number('call.longestMinutes') * 60_000;
    this.wrapUpMs = policy.number('wrapUp.seconds') * 1000;
    this.skewMs = policy.number('intake.clockSkewSeconds') * 1000;
  }
}

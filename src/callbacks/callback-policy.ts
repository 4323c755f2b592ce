import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';
import type { CallbackPolicy as Rules } from '../domain/callback/after-attempt.js';
import type { CallingHours } from '../domain/callback/calling-hours.js';

const DAY_MS = 24 * 3_600_000;

/** What a city has decided about calling people back. */
@Injectable()
export class CallbackPolicy implements Rules {
  /** [CB1] */
  readonly afterMissed: boolean;
  /** [CB2] */
  readonly limitMs: number;
  readonly farthestMs: number;
  /** [CB3] */
  readonly retryMs: number;
  readonly mostAttempts: number;
  /** [CB4] */
  readonly hours: CallingHours;

  constructor(policy: Policy) {
    this.afterMissed = policy.choice('callback.afterMissed') === 'on';
    this.limitMs = policy.number('callback.limitMinutes') * 60_000;
    this.farthestMs = policy.number('callback.mostDaysAhead') * DAY_MS;
    this.retryMs = policy.number('callback.retryMinutes') * 60_000;
    this.mostAttempts = policy.number('callback.mostAttempts');
    this.hours = { from: policy.number('callback.fromHour'), to: policy.number('callback.toHour') };
  }
}

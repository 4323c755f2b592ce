import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';
import type { CallbackPolicy as Rules } from '../domain/callback/after-attempt.js';
import type { CallingHours } from '../domain/callback/calling-hours.js';

const DAY_MS = 24 * 3_600_000;

/** What a city has decided about calling people back, as it stands when asked. */
@Injectable()
export class CallbackPolicy implements Rules {
  constructor(private readonly policy: Policy) {}

  /** [CB1] */
  get afterMissed(): boolean {
    return this.policy.choice('callback.afterMissed') === 'on';
  }

  /** [CB2] */
  get limitMs(): number {
    return this.policy.number('callback.limitMinutes') * 60_000;
  }

  get farthestMs(): number {
    return this.policy.number('callback.mostDaysAhead') * DAY_MS;
  }

  /** [CB3] */
  get retryMs(): number {
    return this.policy.number('callback.retryMinutes') * 60_000;
  }

  get mostAttempts(): number {
    return this.policy.number('callback.mostAttempts');
  }

  /** [CB4] */
  get hours(): CallingHours {
    return { from: this.policy.number('callback.fromHour'), to: this.policy.number('callback.toHour') };
  }
}

import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';
import type { CallingHours } from '../domain/callback/calling-hours.js';

const MINUTE_MS = 60_000;

/** What a city has decided about telling requesters, as it stands when asked. */
@Injectable()
export class NoticePolicy {
  constructor(private readonly policy: Policy) {}

  /** [NT3] */
  get keepMs(): number {
    return this.policy.number('notice.keepHours') * 60 * MINUTE_MS;
  }

  /** [NT4] */
  get mostAttempts(): number {
    return this.policy.number('notice.mostAttempts');
  }

  get retryMs(): number {
    return this.policy.number('notice.retryMinutes') * MINUTE_MS;
  }

  get timeoutMs(): number {
    return this.policy.number('notice.timeoutSeconds') * 1000;
  }

  /** [NT5] The hours in which nobody is called, seen from the other side. */
  get hours(): CallingHours {
    return { from: this.policy.number('contact.quiet.toHour'), to: this.policy.number('contact.quiet.fromHour') };
  }
}

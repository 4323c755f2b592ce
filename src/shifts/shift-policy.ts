import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';
import type { BreakPolicy } from '../domain/shift/break-rule.js';

const MINUTE_MS = 60_000;

/** What a city has decided about shifts and breaks, as it stands when asked. */
@Injectable()
export class ShiftPolicy {
  constructor(private readonly policy: Policy) {}

  /** [SH4] */
  get earlyMs(): number {
    return this.policy.number('shift.earlyMinutes') * MINUTE_MS;
  }

  get withoutRoster(): 'allow' | 'refuse' {
    return this.policy.choice('shift.withoutRoster');
  }

  /** [SH6] */
  get mostStayMinutes(): number {
    return this.policy.number('shift.mostStayMinutes');
  }

  /** [SH7] */
  get handover(): 'next_seat' | 'head' {
    return this.policy.choice('shift.handover');
  }

  get mostHandedOver(): number {
    return this.policy.number('shift.mostHandedOver');
  }

  get graceMs(): number {
    return this.policy.number('shift.graceMinutes') * MINUTE_MS;
  }

  /** [SH9] */
  get breaks(): BreakPolicy {
    return {
      maxMs: this.policy.number('break.maxMinutes') * MINUTE_MS,
      mostPerShift: this.policy.number('break.mostPerShift'),
      mostShareAway: this.policy.number('break.mostShareAway'),
      notLastMs: this.policy.number('break.notLastMinutes') * MINUTE_MS,
    };
  }
}

import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';
import type { BreakPolicy } from '../domain/shift/break-rule.js';

const MINUTE_MS = 60_000;

/** What a city has decided about shifts and breaks. */
@Injectable()
export class ShiftPolicy {
  /** [SH4] */
  readonly earlyMs: number;
  readonly withoutRoster: 'allow' | 'refuse';
  /** [SH6] */
  readonly mostStayMinutes: number;
  /** [SH7] */
  readonly handover: 'next_seat' | 'head';
  readonly mostHandedOver: number;
  readonly graceMs: number;
  /** [SH9] */
  readonly breaks: BreakPolicy;

  constructor(policy: Policy) {
    this.earlyMs = policy.number('shift.earlyMinutes') * MINUTE_MS;
    this.withoutRoster = policy.choice('shift.withoutRoster');
    this.mostStayMinutes = policy.number('shift.mostStayMinutes');
    this.handover = policy.choice('shift.handover');
    this.mostHandedOver = policy.number('shift.mostHandedOver');
    this.graceMs = policy.number('shift.graceMinutes') * MINUTE_MS;
    this.breaks = {
      maxMs: policy.number('break.maxMinutes') * MINUTE_MS,
      mostPerShift: policy.number('break.mostPerShift'),
      mostShareAway: policy.number('break.mostShareAway'),
      notLastMs: policy.number('break.notLastMinutes') * MINUTE_MS,
    };
  }
}

import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';
import type { FloorRules } from '../domain/floor/urgency.js';

/** What a city has decided about how its floor is shown. */
@Injectable()
export class FloorPolicy {
  /** [FL2] [RT6] */
  readonly rules: FloorRules;
  /** [FL5] */
  readonly firstItems: number;

  constructor(policy: Policy) {
    this.rules = {
      atRisk: {
        percent: Math.round(policy.number('queue.atRiskShare') * 100),
        atLeastMs: policy.number('queue.atRiskMinutes') * 60_000,
      },
      patienceMs: policy.number('routing.patienceMinutes') * 60_000,
    };
    this.firstItems = policy.number('queue.firstItems');
  }
}

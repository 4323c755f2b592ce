import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';
import type { FloorRules } from '../domain/floor/urgency.js';

/** What a city has decided about how its floor is shown, as it stands when asked. */
@Injectable()
export class FloorPolicy {
  constructor(private readonly policy: Policy) {}

  /** [FL2] [RT6] */
  get rules(): FloorRules {
    return {
      atRisk: {
        percent: Math.round(this.policy.number('queue.atRiskShare') * 100),
        atLeastMs: this.policy.number('queue.atRiskMinutes') * 60_000,
      },
      patienceMs: this.policy.number('routing.patienceMinutes') * 60_000,
    };
  }

  /** [FL5] */
  get firstItems(): number {
    return this.policy.number('queue.firstItems');
  }
}

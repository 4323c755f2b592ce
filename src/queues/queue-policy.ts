import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';
import { QUEUE_IDS } from '../domain/queue/queues-of.js';
import type { Capacity, RoutingRules } from '../domain/routing/routing.js';

/** What a city has decided about queues and seats, as it stands when asked. */
@Injectable()
export class QueuePolicy {
  constructor(private readonly policy: Policy) {}

  /** [QS5] */
  get offerMs(): number {
    return this.policy.number('offer.seconds') * 1000;
  }

  /** [PS3] */
  get wrapUpMs(): number {
    return this.policy.number('wrapUp.seconds') * 1000;
  }

  /** [PS4] */
  get leaseMs(): number {
    return this.policy.number('node.leaseSeconds') * 1000;
  }

  /** [RT6] After which work without a due time counts as due. */
  get patienceMs(): number {
    return this.policy.number('routing.patienceMinutes') * 60_000;
  }

  /** [SH7] Up to how many in hand a seat is handed the work of one that leaves. */
  get mostHandedOver(): number {
    return this.policy.number('shift.mostHandedOver');
  }

  get routing(): RoutingRules {
    return {
      relax: {
        stepMs: this.policy.number('routing.relax.stepSeconds') * 1000,
        levels: this.policy.number('routing.relax.levels'),
      },
      capacity: capacityOf(this.policy),
      returnPauseMs: this.policy.number('routing.returnPauseSeconds') * 1000,
      missPauseMs: this.policy.number('routing.missPauseSeconds') * 1000,
    };
  }
}

function capacityOf(policy: Policy): Capacity {
  const total = policy.number('seat.capacity');
  const kinds = QUEUE_IDS.map((queueId) => [queueId, Math.min(total, policy.number(`seat.capacity.${queueId}`))]);
  return { total, of: Object.fromEntries(kinds) as Capacity['of'] };
}

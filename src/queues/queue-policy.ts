import { Injectable } from '@nestjs/common';
import { Policy } from '../config/policy.js';
import { QUEUE_IDS } from '../domain/queue/queues-of.js';
import type { Capacity, RoutingRules } from '../domain/routing/routing.js';

/** What a city has decided about queues and seats. */
@Injectable()
export class QueuePolicy {
  /** [QS5] */
  readonly offerMs: number;
  /** [PS3] */
  readonly wrapUpMs: number;
  /** [PS4] */
  readonly leaseMs: number;
  /** [RT6] After which work without a due time counts as due. */
  readonly patienceMs: number;
  /** [SH7] Up to how many in hand a seat is handed the work of one that leaves. */
  readonly mostHandedOver: number;
  readonly routing: RoutingRules;

  constructor(policy: Policy) {
    this.offerMs = policy.number('offer.seconds') * 1000;
    this.wrapUpMs = policy.number('wrapUp.seconds') * 1000;
    this.leaseMs = policy.number('node.leaseSeconds') * 1000;
    this.patienceMs = policy.number('routing.patienceMinutes') * 60_000;
    this.mostHandedOver = policy.number('shift.mostHandedOver');
    this.routing = {
      relax: {
        stepMs: policy.number('routing.relax.stepSeconds') * 1000,
        levels: policy.number('routing.relax.levels'),
      },
      capacity: capacityOf(policy),
      returnPauseMs: policy.number('routing.returnPauseSeconds') * 1000,
      missPauseMs: policy.number('routing.missPauseSeconds') * 1000,
    };
  }
}

function capacityOf(policy: Policy): Capacity {
  const total = policy.number('seat.capacity');
  const kinds = QUEUE_IDS.map((queueId) => [queueId, Math.min(total, policy.number(`seat.capacity.${queueId}`))]);
  return { total, of: Object.fromEntries(kinds) as Capacity['of'] };
}

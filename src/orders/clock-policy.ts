import type { Grade } from '@minqing-hub/client-sdk/protocol';
import type { Policy } from '../config/policy.js';
import type { LimitKey } from '../config/policy-keys.js';
import { policyLimit, warningPolicy } from '../deadlines/policy-limit.js';
import type { ClockPolicy } from '../domain/clock/clock-policy.js';
import type { Limit } from '../domain/clock/due-after.js';
import { orderPolicy } from './order-policy.js';

/** What the city has set about clocks, in the rule book's units. */
export function clockPolicy(policy: Policy): ClockPolicy {
  const limit = (key: LimitKey): Limit => policyLimit(policy, key);
  const byGrade = (what: 'ack' | 'objection' | 'arbitration'): Record<Grade, Limit> => ({
    urgent: limit(`${what}.limit.urgent`),
    fast: limit(`${what}.limit.fast`),
    normal: limit(`${what}.limit.normal`),
  });
  return {
    ...warningPolicy(policy),
    atOnceMs: policy.number('clock.atOnceSeconds') * 1000,
    accept: { urgent: limit('accept.limit.urgent'), other: limit('accept.limit.other') },
    dispatchMs: orderPolicy(policy).dispatchLimitMs,
    ack: byGrade('ack'),
    objection: byGrade('objection'),
    contact: {
      limit: limit('contact.limit'),
      start: policy.choice('contact.start'),
      quiet: {
        fromHour: policy.number('contact.quiet.fromHour'),
        toHour: policy.number('contact.quiet.toHour'),
        warnMs: policy.number('contact.quiet.amberMinutes') * 60_000,
      },
    },
    handling: {
      byKind: {
        consultation: limit('handling.limit.consultation'),
        suggestion: limit('handling.limit.suggestion'),
        resolution: limit('handling.limit.resolution'),
        complaint: limit('handling.limit.complaint'),
      },
      simple: limit('handling.limit.simple'),
      simpleTarget: limit('handling.target.simple'),
      emergency: limit('handling.limit.emergency'),
      expedited: limit('handling.limit.expedited'),
      fast: policy.choice('dispatch.fast.includesHandling') === 'on' ? limit('handling.limit.fast') : null,
    },
    arbitration: byGrade('arbitration'),
    signWithin: policy.number('handling.signWithin'),
    evaluation: limit('evaluation.window'),
    rework: limit('rework.limit'),
  };
}

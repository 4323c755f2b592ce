import type { Policy } from '../config/policy.js';
import type { OrderPolicy } from '../domain/order/order-policy.js';

const MINUTE_MS = 60_000;

/** What the city has set, in the rule book's units. */
export function orderPolicy(policy: Policy): OrderPolicy {
  return {
    dispatchLimitMs: {
      urgent: policy.number('dispatch.limit.urgent') * MINUTE_MS,
      fast: policy.number('dispatch.limit.fast') * MINUTE_MS,
      normal: policy.number('dispatch.limit.normal') * MINUTE_MS,
    },
    escalationLimitMs: policy.number('dispatch.limit.escalation') * MINUTE_MS,
    confidenceGate: policy.number('dispatch.confidenceGate'),
    contactSkewMs: policy.number('contact.clockSkewSeconds') * 1000,
    objectionConfirmation: policy.choice('objection.confirmation'),
    extension: {
      maxCount: policy.number('extension.maxCount'),
      maxShare: policy.number('extension.maxShare'),
      deskMs: policy.number('extension.deskMinutes') * MINUTE_MS,
    },
    suspension: {
      maxCount: policy.number('suspension.maxCount'),
      maxDays: policy.number('suspension.maxDays'),
      deskMs: policy.number('suspension.deskMinutes') * MINUTE_MS,
    },
    unreachable: {
      attempts: policy.number('contact.unreachable.attempts'),
      apartMs: policy.number('contact.unreachable.apartMinutes') * MINUTE_MS,
      bands: policy.number('contact.unreachable.bands'),
      message: policy.choice('contact.unreachable.message') === 'required',
      fromHour: policy.number('contact.quiet.toHour'),
      toHour: policy.number('contact.quiet.fromHour'),
    },
  };
}

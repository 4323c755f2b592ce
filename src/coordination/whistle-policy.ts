import type { Policy } from '../config/policy.js';
import { policyLimit, warningPolicy } from '../deadlines/policy-limit.js';
import type { WhistlePolicy } from '../domain/whistle/situation.js';
import type { WhistleClockPolicy } from '../domain/whistle/whistle-clocks.js';

const MINUTE_MS = 60_000;

/** What the city has set about whistles, in the rule book's units. */
export const whistlePolicy = (policy: Policy): WhistlePolicy => ({
  communitiesBlow: policy.choice('whistle.authority') === 'streets_and_communities',
  leadRule: policy.choice('whistle.leadRule'),
  gatekeepingMs:
    policy.choice('whistle.gatekeeping') === 'on' ? policy.number('whistle.gatekeepingMinutes') * MINUTE_MS : null,
  missedReportInPoints: policy.number('deduction.missedReportIn'),
});

/** [C6] [C7] */
export const whistleClockPolicy = (policy: Policy): WhistleClockPolicy => ({
  ...warningPolicy(policy),
  meeting: {
    emergency: policyLimit(policy, 'meeting.limit.emergency'),
    other: policyLimit(policy, 'meeting.limit.other'),
  },
  reportIn: {
    emergency: policyLimit(policy, 'reportIn.limit.emergency'),
    other: policyLimit(policy, 'reportIn.limit.other'),
  },
});

import type { LimitUnit, Policy } from '../config/policy.js';
import type { LimitKey } from '../config/policy-keys.js';
import type { Limit } from '../domain/clock/due-after.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const LIMIT: Record<LimitUnit, (amount: number) => Limit> = {
  min: (amount) => ({ basis: 'wall', amount: amount * MINUTE_MS }),
  h: (amount) => ({ basis: 'wall', amount: amount * HOUR_MS }),
  day: (amount) => ({ basis: 'day', amount }),
  workday: (amount) => ({ basis: 'workday', amount }),
};

/** How long the city has set that something may take, in the rule book's units. */
export function policyLimit(policy: Policy, key: LimitKey): Limit {
  const { amount, unit } = policy.limit(key);
  return LIMIT[unit](amount);
}

/** What the city has set about warnings of clocks. */
export const warningPolicy = (policy: Policy) => ({
  version: policy.version,
  amber: {
    share: policy.number('clock.amber.share'),
    leastMs: policy.number('clock.amber.minutes') * MINUTE_MS,
  },
  repeats: [
    policy.number('clock.overdue.firstWorkdays'),
    policy.number('clock.overdue.secondWorkdays'),
  ] as const satisfies readonly [number, number],
});

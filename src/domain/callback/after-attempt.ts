import { type CallingHours, callableFrom } from './calling-hours.js';

export type AttemptOutcome = 'reached' | 'no_answer' | 'wrong_number' | 'not_needed';

export interface CallbackPolicy {
  hours: CallingHours;
  retryMs: number;
  mostAttempts: number;
}

/** What ends a call-back: an outcome, or that nobody ever answered. */
export type CallbackEnd = Exclude<AttemptOutcome, 'no_answer'> | 'given_up';

/** [CB3] Whoever did not answer is called again, later, a few times; every other outcome ends it. */
export function afterAttempt(
  outcome: AttemptOutcome,
  { attempts, nextAt, now }: { attempts: number; nextAt: number | undefined; now: number },
  policy: CallbackPolicy,
): { done: CallbackEnd } | { againAt: number } {
  if (outcome !== 'no_answer') return { done: outcome };
  if (attempts >= policy.mostAttempts) return { done: 'given_up' };
  return { againAt: callableFrom(nextAt ?? now + policy.retryMs, policy.hours) };
}

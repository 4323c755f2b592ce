import type { Deadline, NewDeadline } from './deadline.js';
import { dueAfter } from './due-after.js';
import { relimited, rewarned } from './move-deadline.js';
import { type LimitGrounds, strictest, type Terms, termsOf } from './order-limits.js';

/** What is set about warnings alone. */
const WARNINGS: readonly string[] = [
  'clock.amber.minutes',
  'clock.amber.share',
  'clock.overdue.firstWorkdays',
  'clock.overdue.secondWorkdays',
  'contact.quiet.amberMinutes',
  'contact.quiet.fromHour',
  'contact.quiet.toHour',
  'handling.target.simple',
];

/** Policies that say whether another one limits anything. [A1] */
const SWITCHES: Record<string, string> = { 'dispatch.fast.includesHandling': 'handling.limit.fast' };

/**
 * [PC6] A running clock as the policy `key` has it now. It moves only if its limit comes from that policy, or now would; all
 * else it keeps as it began, whatever a city has set since. A policy of warnings moves those that are yet to come.
 * `grounds`: of when it started. `undefined`: nothing changes.
 */
export function byChangedPolicy(
  deadline: Deadline,
  key: string,
  grounds: LimitGrounds,
  now: number,
): Deadline | undefined {
  const { calendar } = grounds;
  const all = termsOf(deadline, grounds);
  const own = ownTerms(deadline, all);
  if (WARNINGS.includes(key)) return rewarned(deadline, given(deadline, own, grounds), now, calendar);
  const terms = strictest(inForce(own, all, SWITCHES[key] ?? key, grounds), deadline.startedAt, calendar);
  if (!terms || terms === own) return undefined;
  return relimited(deadline, given(deadline, terms, grounds), now, calendar);
}

/** The limit that it runs with, and what goes with that. */
function ownTerms({ basis, limit, source, policyKey }: Deadline, all: readonly Terms[]): Terms {
  const key = policyKey === undefined ? all.find((one) => one.source === source)?.policyKey : (policyKey ?? undefined);
  const likewise = all.find((one) => one.policyKey === key);
  return { ...likewise, limit: { basis, amount: limit }, source, policyKey: key };
}

/**
 * What limits it once `key` has changed. Its own limit was the strictest when it began: what is stricter now without having
 * changed here was set without a word about what runs.
 */
function inForce(own: Terms, all: readonly Terms[], key: string, { now, calendar }: LimitGrounds): Terms[] {
  const changed = all.filter((one) => one.policyKey === key);
  if (own.policyKey !== key) return [own, ...changed];
  const endsAt = ({ limit }: Terms): number => dueAfter(now, limit, calendar).at;
  return [...changed, ...all.filter((one) => one.policyKey !== key && endsAt(one) >= endsAt(own))];
}

const given = (
  { clockId, clock, unitId, startedAt }: Deadline,
  terms: Terms,
  { policy: { version, amber, repeats } }: LimitGrounds,
): NewDeadline => ({ clockId, clock, unitId, policyVersion: version, amber, repeats, ...terms, startedAt });

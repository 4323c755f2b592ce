import type { PolicyCard, PolicyValue } from '../../../client-sdk/src/protocol/index.js';
import { ok, refuse, type Result } from '../result.js';

/** What a policy is set to; of a limit the unit may be decided, too. */
export interface Setting {
  value: PolicyValue;
  unit: string;
}

/** How the policy stands: what is due is in force already, so all that is planned lies ahead. */
export interface PolicyStanding extends Setting {
  planned: readonly (Setting & Pick<PolicyCard['planned'][number], 'effectiveAt'>)[];
}

/** May the policy be set to this from `at` on (ms UTC; `now`: at once)? [PC2] [PC3] */
export function decideChange(
  wanted: Setting & { at: number; recalculate: boolean },
  standing: PolicyStanding,
  now: number,
  farthestMs: number,
): Result<void> {
  const { at, recalculate } = wanted;
  const field = 'effectiveAt';
  if (at > now + farthestMs) return refuse('payload_invalid', '生效时间太远', { field, clause: 'PC2' });
  if (standing.planned.some(({ effectiveAt }) => effectiveAt === at)) {
    return refuse('policy_change_planned', '这项政策在同一时刻已有一项计划中的变更，请先撤回', {
      field,
      clause: 'PC3',
    });
  }
  const { value, unit } = settingAt(standing, at);
  // What holds already may be set again only to have what runs counted anew.
  if (value === wanted.value && unit === wanted.unit && !recalculate) {
    return refuse('policy_unchanged', '到那时已经是这个值', { field: 'value', clause: 'PC2' });
  }
  return ok(undefined);
}

/** What will hold then, as things stand. */
export function settingAt({ planned, ...now }: PolicyStanding, at: number): Setting {
  const before = planned.filter(({ effectiveAt }) => effectiveAt <= at);
  return before.sort((a, b) => a.effectiveAt - b.effectiveAt).at(-1) ?? now;
}

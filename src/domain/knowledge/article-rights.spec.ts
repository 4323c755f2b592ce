import { CITY, person } from '../../../test/support/rule-book.js';
import { mayKeepArticlesOf, mayReadArticles } from './article-rights.js';
import { isExpired } from './article.js';

describe('who keeps articles', () => {
  const may = (role: Parameters<typeof person>[0], unitId: string | null, ownerUnitId: string) =>
    mayKeepArticlesOf(ownerUnitId, person(role, unitId), CITY);

  it('[KB2] is a list administrator for every unit', () => {
    expect(may('list_admin', null, 'water')).toBe(true);
  });

  it.each(['unit_clerk', 'deputy_leader'] as const)('[KB2] is a %s for the own unit and those below it', (role) => {
    expect(may(role, 'housing', 'housing')).toBe(true);
    expect(may(role, 'housing', 'housing-repairs')).toBe(true);
    expect(may(role, 'housing-repairs', 'housing')).toBe(false);
    expect(may(role, 'housing', 'water')).toBe(false);
    expect(may(role, null, 'water')).toBe(false);
  });

  it('[KB2] is nobody else', () => {
    for (const role of [
      'agent',
      'dispatcher',
      'handler',
      'village_worker',
      'principal_leader',
      'policy_admin',
    ] as const) {
      expect(may(role, 'housing', 'housing')).toBe(false);
    }
  });
});

describe('who reads articles', () => {
  it('[KB4] are the people of the centre and of units, and nobody else', () => {
    const may = (role: Parameters<typeof person>[0]) => mayReadArticles(person(role));
    for (const role of ['agent', 'dispatcher', 'shift_leader', 'arbiter', 'list_admin', 'follow_up_agent'] as const) {
      expect(may(role)).toBe(true);
    }
    for (const role of ['unit_clerk', 'handler', 'deputy_leader', 'village_worker', 'street_officer'] as const) {
      expect(may(role)).toBe(true);
    }
    for (const role of [
      'channel_adapter',
      'grid_worker',
      'policy_admin',
      'supervisor',
      'auditor',
      'assessor',
    ] as const) {
      expect(may(role)).toBe(false);
    }
  });
});

describe('an article', () => {
  it('[KB1] has expired from its time on, and never without one', () => {
    expect([999, 1_000, 1_001].map((now) => isExpired({ expiresAt: 1_000 }, now))).toEqual([false, true, true]);
    expect(isExpired({ expiresAt: null }, Number.MAX_SAFE_INTEGER)).toBe(false);
  });
});

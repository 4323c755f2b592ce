import { POLICY } from '../../../test/support/rule-book.js';
import { dispatchDueAt } from './dispatch-due.js';

const due = (from: string, grade: 'urgent' | 'fast' | 'normal', responseLevel: 'critical' | 'expedited' | 'routine') =>
  new Date(dispatchDueAt(Date.parse(from), { grade, responseLevel }, POLICY.dispatchLimitMs)).toISOString();

describe('when an order must be dispatched', () => {
  it.each([
    ['[DI2] urgent within 30 minutes', '2026-03-02T23:50:00+08:00', 'urgent', 'routine', '2026-03-02T16:20:00.000Z'],
    ['[DI3] fast within 2 hours', '2026-03-02T09:00:00+08:00', 'fast', 'routine', '2026-03-02T03:00:00.000Z'],
    ['[DI4] normal within 8 hours', '2026-03-02T20:00:00+08:00', 'normal', 'routine', '2026-03-02T20:00:00.000Z'],
    ['critical at once', '2026-03-02T09:00:00+08:00', 'normal', 'critical', '2026-03-02T01:00:00.000Z'],
    ['[HL8] expedited before 24:00', '2026-03-02T20:00:00+08:00', 'normal', 'expedited', '2026-03-02T16:00:00.000Z'],
    ['[HL8] the grade, if earlier', '2026-03-02T09:00:00+08:00', 'normal', 'expedited', '2026-03-02T09:00:00.000Z'],
    [
      '[HL8] midnight belongs to the new day',
      '2026-03-03T00:00:00+08:00',
      'normal',
      'expedited',
      '2026-03-03T00:00:00.000Z',
    ],
    ['[HL8] the day is China’s', '2026-03-02T16:30:00Z', 'fast', 'expedited', '2026-03-02T18:30:00.000Z'],
  ] as const)('%s', (_, from, grade, level, expected) => {
    expect(due(from, grade, level)).toBe(expected);
  });
});

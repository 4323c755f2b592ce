import * as fc from 'fast-check';
import { endOf } from '../calendar/day.js';
import { WorkCalendar } from '../calendar/work-calendar.js';
import { type Deadline, end, startDeadline } from './deadline.js';
import { nextSignal, raise } from './signals.js';

const CALENDAR = new WorkCalendar([], () => []);
const HOUR = 3_600_000;
/** Friday. */
const FRIDAY = Date.parse('2026-03-06T10:00:00+08:00');

const clock = (amount: number, leniencyMs = 0): Deadline =>
  startDeadline(
    {
      clockId: 'order:GD1:CONTACT_UNIT:1',
      clock: 'CONTACT_UNIT',
      unitId: null,
      limit: { basis: 'wall', amount },
      source: 'policy',
      policyVersion: 1,
      startedAt: FRIDAY,
      amber: { share: 0.2, leastMs: 600_000 },
      leniencyMs,
    },
    CALENDAR,
  );

/** Every signal of the clock and when it comes. */
function plan(deadline: Deadline): { signal: string; at: number }[] {
  const found = [];
  for (let one = deadline, next = nextSignal(one, CALENDAR); next; next = nextSignal(one, CALENDAR)) {
    found.push(next);
    one = { ...one, signal: next.signal };
  }
  return found;
}

describe('what a clock says', () => {
  it.each(['OBJECTION', 'EVALUATION'] as const)(
    '[C3] [C10] [CK10] nothing any more when its window has closed: %s',
    (name) => {
      expect(plan({ ...clock(24 * HOUR), clock: name }).map(({ signal }) => signal)).toEqual(['amber', 'overdue']);
    },
  );

  it('[CK10] is amber, overdue, and overdue again after the first and the third workday', () => {
    expect(plan(clock(24 * HOUR))).toEqual([
      { signal: 'amber', at: FRIDAY + 19.2 * HOUR },
      { signal: 'overdue', at: FRIDAY + 24 * HOUR },
      { signal: 'overdue_1wd', at: endOf('2026-03-09') },
      { signal: 'overdue_3wd', at: endOf('2026-03-11') },
    ]);
  });

  it('[CK10] is said again after as many workdays as a city has set, the second time never before the first', () => {
    const again = (...repeats: [number, number]) => plan({ ...clock(24 * HOUR), repeats }).slice(2);
    expect(again(2, 5).map(({ at }) => at)).toEqual([endOf('2026-03-10'), endOf('2026-03-13')]);
    expect(again(4, 1).map(({ at }) => at)).toEqual([endOf('2026-03-12'), endOf('2026-03-12')]);
  });

  it('[CK11] comes a minute late of what is due at once, which has no amber', () => {
    expect(plan(clock(0, 60_000))[0]).toEqual({ signal: 'overdue', at: FRIDAY + 60_000 });
  });

  it('[CK10] is nothing any more once it has ended or while it stands still', () => {
    expect(nextSignal(end(clock(HOUR), FRIDAY, 'met'), CALENDAR)).toBeUndefined();
    expect(nextSignal({ ...clock(HOUR), state: 'paused' }, CALENDAR)).toBeUndefined();
  });

  it('[CK10] is said once, in order and never early, at whatever times somebody asks', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 10 * 24 * HOUR }), { maxLength: 12 });
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 48 * HOUR }), (unsorted, amount) => {
        let deadline = clock(amount);
        const due = plan(deadline);
        const said: string[] = [];
        let last = FRIDAY;
        for (const moment of unsorted.sort((a, b) => a - b)) {
          last = FRIDAY + moment;
          const { said: now, after } = raise(deadline, last, CALENDAR);
          said.push(...now);
          deadline = after;
          expect(raise(deadline, last, CALENDAR).said).toEqual([]);
        }
        expect(said).toEqual(unsorted.length ? due.filter(({ at }) => at <= last).map(({ signal }) => signal) : []);
      }),
    );
  });
});

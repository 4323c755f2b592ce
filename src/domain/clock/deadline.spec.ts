import * as fc from 'fast-check';
import { dayOf, endOf, startOf } from '../calendar/day.js';
import { WorkCalendar } from '../calendar/work-calendar.js';
import { clockView } from './clock-view.js';
import { type Deadline, end, type NewDeadline, startDeadline } from './deadline.js';
import { leftOf, type Limit } from './due-after.js';
import { extend, pause, promise, recalculated, relimited, resume } from './move-deadline.js';
import { nextSignal, raise } from './signals.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const ONE_WORKDAY = { basis: 'workday', amount: 1 } as const;

/** As the notice for 2026 has it around the Spring Festival and the National Day. */
const CALENDAR = new WorkCalendar(
  [
    {
      year: 2026,
      off: [15, 16, 17, 18, 19, 20, 21, 22, 23].map((day) => `2026-02-${day}`),
      work: ['2026-02-14', '2026-02-28'],
    },
  ],
  () => [],
);
const at = (day: string, time = '10:00') => Date.parse(`${day}T${time}:00+08:00`);

const given = (more: Partial<NewDeadline> = {}): NewDeadline => ({
  clockId: 'order:GD1:HANDLING:1',
  clock: 'HANDLING',
  unitId: 'housing',
  limit: { basis: 'workday', amount: 3 },
  source: 'class',
  policyVersion: 7,
  startedAt: at('2026-02-12'),
  amber: { share: 0.2, leastMs: 10 * MINUTE },
  ...more,
});
const start = (more: Partial<NewDeadline> = {}): Deadline => startDeadline(given(more), CALENDAR);
const wall = (ms: number, from: number, more: Partial<NewDeadline> = {}) =>
  start({ limit: { basis: 'wall', amount: ms }, startedAt: from, ...more });

/** As somebody moves it who may; otherwise as it was. */
function moved(clock: Deadline, what: string, limit: Limit, now: number, calendar: WorkCalendar): Deadline {
  if (clock.state === 'paused') return what === 'resume' ? resume(clock, now, calendar) : clock;
  const { startedAt, dueAt } = clock;
  const promisedDueAt = endOf(dayOf(now + (limit.amount % 5) * DAY));
  switch (what) {
    case 'pause':
      return pause(clock, now, 'suspended', calendar);
    case 'extend':
      return extend(clock, limit.amount, now, calendar);
    case 'promise':
      return promisedDueAt < dueAt ? promise(clock, promisedDueAt, now, calendar) : clock;
    case 'notice':
      return recalculated(clock, now, calendar) ?? clock;
    case 'policy':
      return relimited(clock, given({ startedAt, limit }), now, calendar) ?? clock;
    default:
      return clock;
  }
}

describe('a clock of the rule book', () => {
  it('[C5] [WD3] counts workdays from the day after, to the end of the last, over a holiday', () => {
    const { dueAt, provisional } = start();
    expect([dueAt, provisional]).toEqual([endOf('2026-02-24'), false]);
  });

  it('[C4u] counts hours day and night, holidays too', () => {
    expect(wall(24 * HOUR, at('2026-02-15')).dueAt).toBe(at('2026-02-16'));
    expect(wall(30 * MINUTE, at('2026-02-14', '23:50')).dueAt).toBe(at('2026-02-15', '00:20'));
  });

  it('[WD2] is provisional when a year without a notice is on its way', () => {
    expect(start({ startedAt: at('2026-12-30') }).provisional).toBe(true);
    expect(wall(24 * HOUR, at('2026-12-31')).provisional).toBe(false);
  });

  it('[CK10] warns when a fifth of it is left, or ten minutes, whichever is more; of workdays on the last', () => {
    expect(wall(8 * HOUR, at('2026-03-02')).amberAt).toBe(at('2026-03-02', '16:24'));
    expect(wall(30 * MINUTE, at('2026-03-02')).amberAt).toBe(at('2026-03-02', '10:20'));
    expect(wall(10 * MINUTE, at('2026-03-02')).amberAt).toBe(at('2026-03-02'));
    expect(start().amberAt).toBe(startOf('2026-02-24'));
    const days = start({ limit: { basis: 'day', amount: 30 } });
    expect([days.amberAt, days.dueAt]).toEqual([startOf('2026-03-09'), endOf('2026-03-14')]);
    expect(start({ limit: { basis: 'day', amount: 1 } }).amberAt).toBe(at('2026-02-13', '19:12'));
  });

  it('[CK10] [C5] warns on the last workday of a due that was promised for a day off, a new notice’s too', () => {
    const whole = start({ limit: { basis: 'workday', amount: 20 }, startedAt: at('2026-03-02') });
    const promised = promise(whole, endOf('2026-03-08'), at('2026-03-02'), CALENDAR);
    expect([promised.amberAt, promised.dueAt]).toEqual([startOf('2026-03-06'), endOf('2026-03-08')]);
    const noticed = new WorkCalendar([{ year: 2026, off: ['2026-03-06'], work: [] }], () => []);
    expect(recalculated(promised, at('2026-03-03'), noticed)).toEqual({ ...promised, amberAt: startOf('2026-03-05') });
    expect(recalculated(promised, at('2026-03-03'), CALENDAR)).toBeUndefined();
  });

  it('[CK10] warns, of whatever basis, when what is left is no more than the rule says, and not before', () => {
    const limit = fc.oneof(
      fc.record({ basis: fc.constant('wall' as const), amount: fc.integer({ min: 1, max: 60 * DAY }) }),
      fc.record({
        basis: fc.constantFrom('day' as const, 'workday' as const),
        amount: fc.integer({ min: 1, max: 60 }),
      }),
    );
    const moments = fc.integer({ min: at('2026-02-01'), max: at('2026-12-01') });
    fc.assert(
      fc.property(limit, moments, (given, startedAt) => {
        const { amberAt, dueAt } = start({ limit: given, startedAt });
        const rest = dueAt - amberAt!;
        if (given.basis !== 'workday') {
          const whole = given.basis === 'wall' ? given.amount : given.amount * DAY;
          expect(rest).toBe(Math.min(Math.max(Math.round(whole / 5), 10 * MINUTE), dueAt - startedAt));
        } else {
          expect(CALENDAR.isWorkday(dayOf(amberAt!))).toBe(true);
          expect([amberAt, CALENDAR.workdaysBetween(dayOf(amberAt!), dayOf(dueAt - 1))]).toEqual([
            startOf(dayOf(amberAt!)),
            0,
          ]);
        }
      }),
    );
  });

  it('[CK11] does not warn of what is due at once', () => {
    const { amberAt, dueAt, startedAt } = wall(0, at('2026-03-02'));
    expect([amberAt, dueAt]).toEqual([null, startedAt]);
  });

  it('[A6] warns at a target inside its limit', () => {
    expect(start({ target: ONE_WORKDAY }).amberAt).toBe(endOf('2026-02-13'));
  });

  it('[A6] counts a target in its own basis, whatever the limit is counted in', () => {
    const target = ONE_WORKDAY;
    const hours = wall(72 * HOUR, at('2026-03-02'), { target });
    expect([hours.amberAt, hours.dueAt]).toEqual([endOf('2026-03-03'), at('2026-03-05')]);
    expect(wall(20 * HOUR, at('2026-03-02'), { target }).amberAt).toBe(at('2026-03-03', '02:00'));
    expect(start({ target: { basis: 'wall', amount: 4 * HOUR } }).amberAt).toBe(at('2026-02-12', '14:00'));
  });

  it('[A6] [T19] [T17] keeps what was left of such a target over a pause, and all of it when it is extended', () => {
    const target = { basis: 'workday' as const, amount: 2 };
    const began = wall(120 * HOUR, at('2026-03-02'), { target });
    const on = resume(pause(began, at('2026-03-03'), 'suspended', CALENDAR), at('2026-03-16'), CALENDAR);
    expect([on.amberAt, on.dueAt]).toEqual([endOf('2026-03-17'), at('2026-03-20')]);
    expect(extend(began, 24 * HOUR, at('2026-03-03'), CALENDAR).amberAt).toBe(endOf('2026-03-04'));
  });

  it('[A6] [A27] warns at a target as a new notice counts it, also where the due stays', () => {
    const early = startDeadline(given({ startedAt: at('2026-12-31'), target: ONE_WORKDAY }), CALENDAR);
    expect([early.amberAt, early.dueAt]).toEqual([endOf('2027-01-01'), endOf('2027-01-05')]);
    const noticed = new WorkCalendar([{ year: 2027, off: ['2027-01-01'], work: ['2027-01-03'] }], () => []);
    expect(recalculated(early, at('2026-12-31', '12:00'), noticed)).toMatchObject({
      amberAt: endOf('2027-01-03'),
      dueAt: endOf('2027-01-05'),
    });
  });

  it('[A6] [T19] warns at what was left of a target when it goes on after a pause', () => {
    const began = start({
      startedAt: at('2026-03-02'),
      target: { basis: 'workday', amount: 2 },
      limit: { basis: 'workday', amount: 5 },
    });
    const paused = pause(began, at('2026-03-03'), 'suspended', CALENDAR);
    const on = resume(paused, at('2026-03-16'), CALENDAR);
    expect([on.amberAt, on.dueAt]).toEqual([endOf('2026-03-17'), endOf('2026-03-20')]);
  });

  it.each([
    ['2026-03-02', '22:30', '2026-03-03', '17:42'],
    ['2026-03-02', '23:59', '2026-03-03', '19:11'],
    ['2026-03-02', '00:30', '2026-03-02', '19:42'],
    ['2026-03-02', '01:30', '2026-03-02', '20:00'],
    ['2026-03-02', '02:00', '2026-03-02', '20:00'],
    ['2026-03-02', '07:59', '2026-03-02', '20:00'],
    ['2026-03-02', '08:00', '2026-03-02', '20:00'],
    ['2026-03-02', '08:01', '2026-03-03', '03:13'],
    ['2026-03-02', '21:00', '2026-03-03', '16:12'],
  ])('[A19] begun %s %s, warns %s %s: while people may be called', (day, time, warnDay, warnTime) => {
    const quiet = { fromHour: 21, toHour: 8, warnMs: HOUR };
    const { amberAt, dueAt, startedAt } = wall(24 * HOUR, at(day, time), { quiet });
    expect(dueAt).toBe(startedAt + DAY);
    expect(amberAt).toBe(at(warnDay, warnTime));
  });

  describe('standing still', () => {
    it('[C5] goes on with the workdays that were left, the day of either end not counted twice', () => {
      const whole = start({ limit: { basis: 'workday', amount: 5 }, startedAt: at('2026-03-02') });
      const paused = pause(whole, at('2026-03-04'), 'suspended', CALENDAR);
      expect([paused.state, paused.left, paused.pausedFor]).toEqual(['paused', 3, 'suspended']);
      const on = resume(paused, at('2026-04-01'), CALENDAR);
      expect(on).toMatchObject({
        state: 'running',
        dueAt: endOf('2026-04-06'),
        pausedMs: 28 * DAY,
        pausedAt: null,
        left: null,
      });
    });

    it('[C5] has the rest of a workday where none was left', () => {
      const whole = start({ limit: { basis: 'workday', amount: 1 }, startedAt: at('2026-03-02') });
      const paused = pause(whole, at('2026-03-03'), 'suspended', CALENDAR);
      expect(paused.left).toBe(0);
      expect(resume(paused, at('2026-03-10'), CALENDAR).dueAt).toBe(endOf('2026-03-10'));
      expect(resume(paused, at('2026-03-07'), CALENDAR).dueAt).toBe(endOf('2026-03-09'));
    });

    it.each(['workday', 'day'] as const)(
      '[C5] [T19] that was suspended on its last day has another one when it goes on at the end of one (%s)',
      (basis) => {
        const whole = start({ limit: { basis, amount: 3 }, startedAt: at('2026-03-02') });
        const paused = pause(whole, at('2026-03-05'), 'suspended', CALENDAR);
        const until = endOf('2026-03-10');
        const on = resume(paused, until, CALENDAR);
        expect([paused.left, on.dueAt]).toEqual([0, endOf('2026-03-11')]);
        expect(raise(on, until, CALENDAR).said).not.toContain('overdue');
        const promised = promise(
          start({ limit: { basis, amount: 9 } }),
          endOf('2026-03-05'),
          at('2026-03-02'),
          CALENDAR,
        );
        const kept = resume(pause(promised, at('2026-03-05'), 'suspended', CALENDAR), until, CALENDAR);
        expect([kept.dueAt, kept.promisedDueAt]).toEqual([endOf('2026-03-11'), endOf('2026-03-11')]);
      },
    );

    it('[T19] takes 24:00 for the end of the day, as it takes every other moment of it', () => {
      const bases = ['workday', 'day'] as const;
      for (const basis of bases) {
        const whole = start({ limit: { basis, amount: 5 }, startedAt: at('2026-03-02') });
        const paused = pause(whole, at('2026-03-04'), 'suspended', CALENDAR);
        const [before, then] = [endOf('2026-03-10') - 1000, endOf('2026-03-10')].map((now) =>
          resume(paused, now, CALENDAR),
        );
        expect(then!.dueAt).toBe(before!.dueAt);
        expect(extend(then!, 2, at('2026-03-11'), CALENDAR).dueAt).toBe(
          extend(before!, 2, at('2026-03-11'), CALENDAR).dueAt,
        );
        const [earlier, later] = [endOf('2026-03-04') - 1000, endOf('2026-03-04')].map((now) =>
          resume(pause(whole, now, 'suspended', CALENDAR), now, CALENDAR),
        );
        expect([earlier!.dueAt, later!.dueAt]).toEqual([whole.dueAt, whole.dueAt]);
      }
    });

    it('[WD2] is provisional where nothing was left of it in a year without a notice', () => {
      for (const [now, last] of [
        ['2027-01-02', '2027-01-04'],
        ['2027-01-05', '2027-01-05'],
        ['2026-12-31', null],
      ] as const) {
        const whole = start({ limit: { basis: 'workday', amount: 1 }, startedAt: at('2026-03-02') });
        const on = resume(pause(whole, at('2026-03-03'), 'suspended', CALENDAR), at(now), CALENDAR);
        expect([on.dueAt, on.provisional]).toEqual([endOf(last ?? now), last !== null]);
      }
    });

    it('loses and gains not a millisecond by the clock, however often it stands still', () => {
      const moments = fc.uniqueArray(fc.integer({ min: 1, max: 23 * HOUR }), { minLength: 2, maxLength: 8 });
      fc.assert(
        fc.property(moments, fc.integer({ min: 0, max: 30 * DAY }), (unsorted, length) => {
          let clock = wall(24 * HOUR, at('2026-03-02'));
          let shift = 0;
          for (const moment of unsorted.sort((a, b) => a - b)) {
            const from = clock.startedAt + moment + shift;
            clock = resume(pause(clock, from, 'review', CALENDAR), from + length, CALENDAR);
            shift += length;
          }
          expect(clock.pausedMs).toBe(shift);
          expect(clock.dueAt).toBe(clock.startedAt + 24 * HOUR + shift);
        }),
      );
    });

    it('leaves a clock that was late as late as it was', () => {
      const late = start({ startedAt: at('2026-03-02') });
      const on = resume(pause(late, at('2026-03-09'), 'review', CALENDAR), at('2026-03-20'), CALENDAR);
      expect(on.dueAt).toBe(late.dueAt);
    });

    it('[CK10] is not told late again for workdays in which it stood still', () => {
      const late = raise(start({ startedAt: at('2026-03-02') }), at('2026-03-06'), CALENDAR).after;
      const on = resume(pause(late, at('2026-03-06'), 'review', CALENDAR), at('2026-03-17'), CALENDAR);
      expect(raise(on, endOf('2026-03-17') - 1, CALENDAR).said).toEqual([]);
      expect(raise(on, endOf('2026-03-17'), CALENDAR).said).toEqual(['overdue_1wd']);
      const { after, said } = raise(on, endOf('2026-03-19'), CALENDAR);
      expect(said).toEqual(['overdue_1wd', 'overdue_3wd']);
      expect(raise(after, endOf('2026-12-31'), CALENDAR).said).toEqual([]);
      const again = resume(pause(on, endOf('2026-03-17'), 'review', CALENDAR), at('2026-03-24'), CALENDAR);
      expect(raise(again, endOf('2026-03-24'), CALENDAR).said).toEqual(['overdue_1wd']);
      expect(raise(again, endOf('2026-03-26') - 1, CALENDAR).said).toEqual(['overdue_1wd']);
      expect(raise(again, endOf('2026-03-26'), CALENDAR).said).toEqual(['overdue_1wd', 'overdue_3wd']);
    });

    it('[CK10] is told late by the same workdays, wherever a pause of no length lies', () => {
      const late = raise(start({ startedAt: at('2026-03-02') }), endOf('2026-03-05'), CALENDAR).after;
      const moments = fc.array(fc.integer({ min: 0, max: 5 * DAY }), { maxLength: 4 });
      fc.assert(
        fc.property(moments, (unsorted) => {
          let clock = late;
          for (const moment of unsorted.sort((a, b) => a - b)) {
            const now = late.dueAt + moment;
            clock = raise(clock, now, CALENDAR).after;
            clock = resume(pause(clock, now, 'review', CALENDAR), now, CALENDAR);
          }
          for (const [signal, end] of [
            ['overdue', endOf('2026-03-06')],
            ['overdue_1wd', endOf('2026-03-10')],
          ] as const) {
            const next = nextSignal({ ...clock, signal }, CALENDAR)!;
            // At the end of a day that no workday is, or was over, it comes with the next that is; its last ms is its end.
            if (unsorted.every((moment) => late.dueAt + moment + 1 < end)) expect(next.at).toBe(end);
          }
        }),
      );
    });

    it('ends with the pause counted', () => {
      const paused = pause(start(), at('2026-02-13'), 'review', CALENDAR);
      expect(end(paused, at('2026-02-14'), 'met')).toMatchObject({ state: 'met', pausedMs: DAY, pausedAt: null });
    });
  });

  it('says what is left, less than nothing when it is late', () => {
    const clock = start({ startedAt: at('2026-03-02') });
    expect([
      leftOf(clock, at('2026-03-02'), CALENDAR),
      leftOf(clock, at('2026-03-05'), CALENDAR),
      leftOf(clock, at('2026-03-09'), CALENDAR),
    ]).toEqual([3, 0, -2]);
    expect(leftOf(start({ limit: { basis: 'day', amount: 7 } }), at('2026-02-15'), CALENDAR)).toBe(4);
  });

  it('[T17] is extended from where it would have been due', () => {
    const longer = extend(start({ startedAt: at('2026-03-02') }), 2, at('2026-03-03'), CALENDAR);
    expect(longer).toMatchObject({ dueAt: endOf('2026-03-09'), amberAt: startOf('2026-03-09'), extra: 2 });
    const afterPause = resume(pause(longer, at('2026-03-04'), 'suspended', CALENDAR), at('2026-03-11'), CALENDAR);
    expect(afterPause.dueAt).toBe(endOf('2026-03-16'));
    expect(extend(afterPause, 1, at('2026-03-11'), CALENDAR).dueAt).toBe(endOf('2026-03-17'));
  });

  it('[T17] [A27] [PC6] is extended from where it is due, where a notice or a policy would have made it due before now', () => {
    const now = at('2026-03-30');
    const month = start({ limit: { basis: 'workday', amount: 20 }, startedAt: at('2026-03-02') });
    const worked = new WorkCalendar(
      [{ year: 2026, off: [], work: ['2026-03-07', '2026-03-08', '2026-03-14'] }],
      () => [],
    );
    const noticed = recalculated(month, now, worked) ?? month;
    expect(noticed.dueAt).toBe(endOf('2026-03-30'));
    expect(extend(noticed, 1, now, worked)).toMatchObject({ dueAt: endOf('2026-03-31'), signal: null });
    const shorter = relimited(
      month,
      given({ startedAt: month.startedAt, limit: { basis: 'workday', amount: 3 } }),
      now,
      CALENDAR,
    )!;
    expect(shorter.dueAt).toBe(endOf('2026-03-30'));
    expect(extend(shorter, 2, now, CALENDAR).dueAt).toBe(endOf('2026-04-01'));
  });

  it('[T17] [I5] whatever moves it, is late by none of it, and later by an extension', () => {
    const calendars = [[], ['2026-03-03', '2026-03-12', '2026-03-19'], ['2026-03-05']].map(
      (off, n) =>
        new WorkCalendar(
          [{ year: 2026, off, work: n === 2 ? ['2026-03-07', '2026-03-14', '2026-03-15'] : [] }],
          () => [],
        ),
    );
    const moves = fc.array(
      fc.record({
        what: fc.constantFrom('pause', 'resume', 'extend', 'promise', 'notice', 'policy'),
        afterMs: fc.oneof(fc.nat(40 * HOUR), fc.constant('end of the day' as const)),
        amount: fc.integer({ min: 1, max: 12 }),
      }),
      { maxLength: 8 },
    );
    const bases = fc.constantFrom('workday', 'day', 'wall');
    fc.assert(
      fc.property(bases, fc.integer({ min: 1, max: 12 }), fc.nat(DAY), moves, (basis, first, hour, all) => {
        const limit = (amount: number) => ({ basis, amount: basis === 'wall' ? amount * 5 * HOUR : amount });
        let now = at('2026-03-02') + hour;
        let calendar = calendars[0]!;
        let clock = start({ limit: limit(first), startedAt: now });
        for (const { what, afterMs, amount } of all) {
          now = afterMs === 'end of the day' ? endOf(dayOf(now)) : now + afterMs;
          if (what === 'notice') calendar = calendars[amount % 3]!;
          const before = raise(clock, now, calendar).after;
          const late = before.dueAt <= (before.pausedAt ?? now);
          clock = late ? before : moved(before, what, limit(amount), now, calendar);
          if (clock.state === 'running' && !late) expect(clock.dueAt).toBeGreaterThan(now);
          if (what === 'extend' && clock !== before) expect(clock.dueAt).toBeGreaterThan(before.dueAt);
          if (clock.amberAt !== null) expect(clock.amberAt).toBeLessThan(clock.dueAt);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  describe('that has said amber', () => {
    const now = at('2026-03-05', '09:00');
    const warned = raise(start({ startedAt: at('2026-03-02') }), now, CALENDAR).after;
    const noticed = new WorkCalendar([{ year: 2026, off: ['2026-03-05'], work: [] }], () => []);
    const paused = pause(warned, now, 'suspended', CALENDAR);

    it.each([
      ['extended', extend(warned, 2, now, CALENDAR)],
      ['counted by a notice', recalculated(warned, now, noticed)!],
      ['resumed, with time for it again', resume({ ...paused, left: 2 }, at('2026-03-11'), CALENDAR)],
      [
        'limited otherwise',
        relimited(
          warned,
          given({ startedAt: warned.startedAt, limit: { basis: 'workday', amount: 6 } }),
          now,
          CALENDAR,
        )!,
      ],
    ])('[CK10] [I5] has no signal while there is time again, and says amber no second time: %s', (_, later) => {
      expect(warned.signal).toBe('amber');
      expect(later).toMatchObject({ signal: null, warned: true });
      expect(later.dueAt).toBeGreaterThan(warned.dueAt);
      expect(clockView(later)).toMatchObject({ signal: null, warned: true });
      expect(raise(later, later.dueAt - 1, CALENDAR).said).toEqual([]);
      expect(raise(later, later.dueAt, CALENDAR).said).toEqual(['overdue']);
    });

    it('[CK10] stays amber where its time for that has come all the same', () => {
      const on = resume(paused, at('2026-03-11'), CALENDAR);
      expect([on.signal, on.amberAt]).toEqual(['amber', startOf('2026-03-11')]);
      expect(clockView(on)).not.toHaveProperty('warned');
    });
  });

  it('[C5] is due when its unit has promised it, which is earlier', () => {
    const promised = promise(start({ startedAt: at('2026-03-02') }), endOf('2026-03-03'), at('2026-03-02'), CALENDAR);
    expect(promised).toMatchObject({ dueAt: endOf('2026-03-03'), amberAt: startOf('2026-03-03') });
  });

  describe('promised for an earlier day, after a pause', () => {
    const whole = start({ limit: { basis: 'workday', amount: 20 }, startedAt: at('2026-03-02') });
    const promised = promise(whole, endOf('2026-03-09'), at('2026-03-03'), CALENDAR);
    const over = (clock: Deadline) =>
      resume(pause(clock, at('2026-03-04'), 'suspended', CALENDAR), at('2026-03-16'), CALENDAR);

    it('[EX4] [A3] goes on with what was left of the promise, and says so', () => {
      const on = over(promised);
      // Thursday, Friday and Monday were left.
      expect(on).toMatchObject({ dueAt: endOf('2026-03-19'), promisedDueAt: endOf('2026-03-19') });
      expect(clockView(on).source).toBe('promised');
      expect(clockView(over(on)).source).toBe('promised');
      const noticed = new WorkCalendar([{ year: 2026, off: ['2026-03-18'], work: [] }], () => []);
      const again = recalculated(on, at('2026-03-17'), noticed)!;
      expect([again.dueAt, clockView(again).source]).toEqual([endOf('2026-03-20'), 'promised']);
    });

    it('[T17] [EX4] is extended from what its limit gives, as if nothing had been promised', () => {
      const [kept, none] = [over(promised), over(whole)].map((clock) => extend(clock, 5, at('2026-03-17'), CALENDAR));
      expect(kept!.dueAt).toBe(none!.dueAt);
      expect(clockView(kept!)).toMatchObject({ source: 'class', limit: 25 });
    });
  });

  describe('recalculated by a notice that came later', () => {
    const early = startDeadline(
      given({ startedAt: at('2026-12-30'), limit: { basis: 'workday', amount: 3 } }),
      CALENDAR,
    );
    const noticed = new WorkCalendar(
      [
        { year: 2026, off: [], work: [] },
        { year: 2027, off: ['2027-01-01', '2027-01-04'], work: [] },
      ],
      () => [],
    );

    it('[A27] counts by it, and is provisional no more', () => {
      expect([early.dueAt, early.provisional]).toEqual([endOf('2027-01-04'), true]);
      expect(recalculated(early, at('2026-12-31'), noticed)).toMatchObject({
        dueAt: endOf('2027-01-06'),
        amberAt: startOf('2027-01-06'),
        provisional: false,
      });
    });

    it('[A27] never moves a due that has passed, nor one that was promised, nor one by the clock, nor one that has ended', () => {
      expect(recalculated(early, early.dueAt, noticed)).toBeUndefined();
      expect(
        recalculated(promise(early, endOf('2026-12-31'), at('2026-12-30'), CALENDAR), at('2026-12-30'), noticed),
      ).toBeUndefined();
      expect(recalculated(wall(DAY, at('2026-12-31')), at('2026-12-31'), noticed)).toBeUndefined();
      expect(recalculated(end(early, at('2026-12-31'), 'met'), at('2026-12-31'), noticed)).toBeUndefined();
    });

    it('[A27] never comes to lie in the past', () => {
      const worked = new WorkCalendar([{ year: 2027, off: [], work: ['2027-01-02', '2027-01-03'] }], () => []);
      const late = startDeadline(
        given({ startedAt: at('2026-12-31'), limit: { basis: 'workday', amount: 2 } }),
        new WorkCalendar([], () => ['2027-01-01']),
      );
      expect(late.dueAt).toBe(endOf('2027-01-05'));
      expect(recalculated(late, at('2027-01-04'), worked)!.dueAt).toBe(endOf(dayOf(at('2027-01-04'))));
    });
  });
});

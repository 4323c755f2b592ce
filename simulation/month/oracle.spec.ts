import { daysOffByLaw } from '../../src/calendar/feasts.js';
import { clocksExpected, type Entry } from './oracle.js';
import { holdAgainstLog } from './hold-against-log.js';
import { dayAt, dayNamed, endOfDay, KNOWN_YEARS, lawfulDays, nameOfDay, WorkDays } from './work-days.js';

const HOUR = 3_600_000;
/** A Monday. */
const BEGIN = Date.parse('2026-03-02T09:00:00+08:00');
const CALENDARS = [{ at: 0, days: new WorkDays([{ year: 2026, off: [], work: [] }]) }];
const MATTER = { kind: 'complaint', grade: 'normal', responseLevel: 'routine', route: 'coordination' };
const ACCEPT = {
  clockId: 'order:1:ACCEPT:1',
  clock: 'ACCEPT',
  basis: 'wall',
  limit: 2 * HOUR,
  source: 'policy',
  startedAt: BEGIN,
  dueAt: BEGIN + 2 * HOUR,
  provisional: false,
};

function log(...entries: [type: string, afterMs: number, data: object][]): Entry[] {
  return entries.map(([type, afterMs, data], i) => {
    const at = BEGIN + afterMs;
    return { seq: i + 1, type: type as Entry['type'], at, recordedAt: at, data: data as Entry['data'] };
  });
}
const held = (entries: Entry[], until: number) =>
  holdAgainstLog('1', entries, clocksExpected(entries, null, CALENDARS, BEGIN + until));
const amber = (afterMs: number): [string, number, object] => [
  'deadline.amber',
  afterMs,
  { ...ACCEPT, signal: 'amber' },
];
const overdue = (afterMs: number): [string, number, object] => [
  'deadline.overdue',
  afterMs,
  { ...ACCEPT, signal: 'overdue' },
];
const registered: [string, number, object] = ['order.registered', 0, MATTER];
const started: [string, number, object] = ['deadline.started', 0, ACCEPT];
const refused: [string, number, object] = ['order.refused', 90 * 60_000, {}];
const stopped: [string, number, object] = ['deadline.met', 90 * 60_000, ACCEPT];

describe('what the simulated month holds the log against', () => {
  it('[WD2] knows the days off of the law, year by year', () => {
    for (const year of KNOWN_YEARS) expect(lawfulDays(year).map(nameOfDay)).toEqual([...daysOffByLaw(year)].sort());
  });

  it.each([
    ['2026-11-20', 20, '2026-12-18', false],
    ['2026-11-20', 30, '2027-01-04', true],
    ['2027-02-03', 2, '2027-02-09', true],
  ])('[WD3] counts workdays: %s and %i', (start, n, due, provisional) => {
    const after = CALENDARS[0]!.days.after(dayNamed(start), n);
    expect([nameOfDay(after.day), after.provisional]).toEqual([due, provisional]);
  });

  it('[I5] finds nothing where all was said', () => {
    const { raised, expected, ...wrong } = held(
      log(registered, started, amber(96 * 60_000), overdue(2 * HOUR + 300)),
      3 * HOUR,
    );
    expect(wrong).toEqual({ missing: [], twice: [], early: [], afterStop: [], differing: [] });
    expect([expected, raised.map(({ at, saidAt }) => saidAt - at)]).toEqual([2, [0, 300]]);
  });

  it.each([
    ['missing', [registered, started, amber(96 * 60_000)]],
    ['twice', [registered, started, amber(96 * 60_000), overdue(2 * HOUR), overdue(2 * HOUR + 1)]],
    ['early', [registered, started, amber(96 * 60_000 - 1), overdue(2 * HOUR)]],
    ['afterStop', [registered, started, refused, stopped, amber(96 * 60_000)]],
    ['differing', [registered, amber(96 * 60_000), overdue(2 * HOUR)]],
    ['differing', [registered, started, refused]],
    ['differing', [registered, ['deadline.started', 0, { ...ACCEPT, dueAt: ACCEPT.dueAt + 1 }], refused, stopped]],
  ] as [string, [string, number, object][]][])('[I5] finds what is %s', (wrong, entries) => {
    expect(held(log(...entries), 3 * HOUR)).toMatchObject({ [wrong]: [expect.stringContaining('ACCEPT')] });
  });

  it('[CK10] repeats after the first and the third workday', () => {
    const [accept] = clocksExpected(log(registered), null, CALENDARS, BEGIN + 30 * 24 * HOUR);
    expect(accept!.signals.map(({ signal, at }) => [signal, at])).toEqual([
      ['amber', BEGIN + 96 * 60_000],
      ['overdue', BEGIN + 2 * HOUR],
      ['overdue_1wd', endOfDay(dayNamed('2026-03-03'))],
      ['overdue_3wd', endOfDay(dayNamed('2026-03-05'))],
    ]);
  });

  it('[CK10] repeats later by the workdays in which it stood still, as often as it did', () => {
    const matter = { ...MATTER, kind: 'consultation' };
    const at = (text: string) => Date.parse(`${text}+08:00`) - BEGIN;
    const aside = (from: string, to: string): [string, number, object][] => [
      ['order.suspended', at(from), { until: Infinity }],
      ['order.resumed', at(to), { byClock: false }],
    ];
    const handling = (...pauses: [string, number, object][]) =>
      clocksExpected(
        log(
          ['order.registered', 0, matter],
          ['order.accepted', 1, matter],
          ['order.dispatched', 2, { unitId: 'housing', mode: 'manual' }],
          ...pauses,
        ),
        null,
        CALENDARS,
        BEGIN + 40 * 24 * HOUR,
      )
        .find(({ clock }) => clock === 'HANDLING')!
        .signals.filter(({ signal }) => signal.startsWith('overdue'))
        .map(({ at: said }) => nameOfDay(dayAt(said - 1)));
    expect(handling()).toEqual(['2026-03-05', '2026-03-06', '2026-03-10']);
    // Within one day no workday is lost.
    expect(handling(...aside('2026-03-06T10:00', '2026-03-06T15:00'))).toEqual([
      '2026-03-05',
      '2026-03-06',
      '2026-03-10',
    ]);
    const once = aside('2026-03-06T10:00', '2026-03-17T10:00');
    expect(handling(...once)).toEqual(['2026-03-05', '2026-03-17', '2026-03-19']);
    const twice = aside('2026-03-18T00:00', '2026-03-24T10:00');
    expect(handling(...once, ...twice)).toEqual(['2026-03-05', '2026-03-17', '2026-03-26']);
  });
});

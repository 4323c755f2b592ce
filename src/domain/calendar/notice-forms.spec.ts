import { readNotices } from './notice-forms.js';

const perYear = (year: number, days: [date: string, isOffDay: boolean][]) => ({
  year,
  days: days.map(([date, isOffDay]) => ({ name: '节', date, isOffDay })),
});
const reasons = (text: string) => readNotices(text).faults.map(({ where, reason }) => `${where}：${reason}`);
const ics = (...entries: [from: string, until: string, words: string][]) =>
  [
    'BEGIN:VCALENDAR',
    ...entries.flatMap(([from, until, words]) => [
      'BEGIN:VEVENT',
      `DTSTART;VALUE=DATE:${from}`,
      `DTEND;VALUE=DATE:${until}`,
      `SUMMARY:${words}`,
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ].join('\r\n');

const NOTICE = { year: 2027, off: ['2026-12-31', '2027-01-01', '2027-01-02'], work: ['2027-01-09'] };

describe('the forms of a notice', () => {
  it('[WD5] reads a year with its days, alone or in a list', () => {
    const file = perYear(2027, [
      ['2026-12-31', true],
      ['2027-01-01', true],
      ['2027-01-02', true],
      ['2027-01-09', false],
    ]);
    expect(readNotices(JSON.stringify(file))).toEqual({ notices: [NOTICE], faults: [] });
    expect(readNotices(`\uFEFF${JSON.stringify([file])}`)).toEqual({ notices: [NOTICE], faults: [] });
  });

  it('[WD5] reads holidays and workdays by date', () => {
    const file = { holidays: { '2027-01-01': '元旦', '2028-01-01': '元旦' }, workdays: { '2027-01-09': '元旦' } };
    expect(readNotices(JSON.stringify(file)).notices).toEqual([
      { year: 2027, off: ['2027-01-01'], work: ['2027-01-09'] },
      { year: 2028, off: ['2028-01-01'], work: [] },
    ]);
  });

  it('[WD5] reads iCalendar, whose end is the day after, with folded lines', () => {
    const text = ics(['20270101', '20270103', '元旦（休）'], ['20270109', '20270110', '元旦补班']);
    expect(readNotices(text.replace('元旦（休）', '元旦\r\n （休）')).notices).toEqual([
      { year: 2027, off: ['2027-01-01', '2027-01-02'], work: ['2027-01-09'] },
    ]);
  });

  it.each([
    [
      'contradictory days',
      JSON.stringify(
        perYear(2027, [
          ['2027-01-01', true],
          ['2027-01-01', false],
        ]),
      ),
      '2027-01-01：同一天既放假又上班',
    ],
    [
      'a date twice',
      JSON.stringify(
        perYear(2027, [
          ['2027-01-01', true],
          ['2027-01-01', true],
        ]),
      ),
      '2027-01-01：同一天出现两次',
    ],
    [
      'both in holidays and in workdays',
      JSON.stringify({ holidays: { '2027-01-01': 'x' }, workdays: { '2027-01-01': 'x' } }),
      '2027-01-01：同一天既放假又上班',
    ],
    ['a wrong year', JSON.stringify(perYear(2027, [['2026-05-01', true]])), '2026-05-01：不属于 2027 年'],
    [
      'a year twice',
      JSON.stringify([perYear(2027, [['2027-01-01', true]]), perYear(2027, [['2027-01-01', true]])]),
      '2027：同一年份出现两次',
    ],
    ['no such day', JSON.stringify(perYear(2027, [['2027-02-30', true]])), '2027-02-30：没有这一天'],
    ['nothing yet', JSON.stringify(perYear(2027, [])), '2027：这一年还没有任何日期'],
    ['no year', JSON.stringify({ year: 'soon', days: [] }), '文件：year 应为 1950 至 2199 之间的年份'],
    ['no form', '[1]', '文件：应有 year 和 days，或 holidays 和 workdays'],
    ['no JSON', '节假日', '文件：既不是 JSON，也不是 iCalendar（.ics）'],
    [
      'an entry that says neither',
      ics(['20270101', '20270102', '元旦']),
      '第 6 行：看不出是放假还是上班：应写明“休”“假”或“班”',
    ],
    ['an empty calendar', ics(), '文件：没有任何日期'],
    ['only worked days', JSON.stringify(perYear(2027, [['2027-01-09', false]])), '2027：没有放假的日子'],
  ])('[WD5] refuses %s', (_, text, reason) => {
    expect(reasons(text)).toEqual([reason]);
  });
});

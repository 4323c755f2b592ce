import fc from 'fast-check';
import { plusDays, weekdayOf } from './day.js';
import { noticeFaults, readNotices } from './notice-forms.js';

const perYear = (year: number, days: [date: string, isOffDay: boolean][]) => ({
  year,
  days: days.map(([date, isOffDay]) => ({ name: '节', date, isOffDay })),
});
const reasons = (text: string, year?: number) =>
  readNotices(text, year).faults.map(({ where, reason }) => `${where}：${reason}`);
const clauses = (text: string, year?: number) => readNotices(text, year).faults.map(({ clause }) => clause);
/** As chinese-days writes it; `+` before a day that is worked. */
const byDate = (...days: string[]) =>
  JSON.stringify({
    holidays: Object.fromEntries(days.filter((day) => !day.startsWith('+')).map((day) => [day, '节'])),
    workdays: Object.fromEntries(days.filter((day) => day.startsWith('+')).map((day) => [day.slice(1), '班'])),
  });
/** What every notice has. */
const fixed = (year: number) => ['01-01', '05-01', '10-01'].map((day) => `${year}-${day}`);
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
    const read = { form: 'holiday-cn', notices: [NOTICE], faults: [] };
    expect(readNotices(JSON.stringify(file))).toEqual(read);
    expect(readNotices(`\uFEFF${JSON.stringify([file])}`)).toEqual(read);
    expect(readNotices(JSON.stringify(file), 2027)).toEqual(read);
  });

  it('[WD5] reads holidays and workdays by date', () => {
    expect(readNotices(byDate('2027-01-01', '+2027-01-09'))).toMatchObject({
      form: 'chinese-days',
      notices: [{ year: 2027, off: ['2027-01-01'], work: ['2027-01-09'] }],
    });
    expect(readNotices(byDate(...fixed(2028), '+2027-01-09', ...fixed(2027))).notices).toEqual([
      { year: 2027, off: fixed(2027), work: ['2027-01-09'] },
      { year: 2028, off: fixed(2028), work: [] },
    ]);
  });

  it('[WD5] reads iCalendar, whose end is the day after, with folded lines', () => {
    const text = ics(['20270101', '20270103', '元旦（休）'], ['20270109', '20270110', '元旦补班']);
    const notice = { year: 2027, off: ['2027-01-01', '2027-01-02'], work: ['2027-01-09'] };
    expect(readNotices(text.replace('元旦（休）', '元旦\r\n （休）'))).toEqual({
      form: 'ics',
      notices: [notice],
      faults: [],
    });
    const apple = text.replace('元旦（休）', '元旦\r\nX-APPLE-SPECIAL-DAY:WORK-HOLIDAY');
    expect(readNotices(apple).notices).toEqual([notice]);
    const inPlace = text.replace('DTEND;VALUE=DATE:20270103', 'DURATION:P2D').replaceAll('\r\n', '\n');
    expect(readNotices(inPlace).notices).toEqual([notice]);
    const oneDay = text.replace('DTEND;VALUE=DATE:20270110\r\n', '').replace('20270109', '20270109T000000');
    expect(readNotices(oneDay).notices).toEqual([notice]);
  });

  it.each([
    ['UTC', 'DTSTART:20261231T160000Z', 'DTEND:20270103T160000Z'],
    ['to the last second', 'DTSTART;TZID=Asia/Shanghai:20270101T000000', 'DTEND;TZID=Asia/Shanghai:20270103T235959'],
    ['to 0:00 of the next day', 'DTSTART;TZID="Asia/Shanghai":20270101T000000', 'DTEND;TZID=PRC:20270104T000000'],
    ['within its days', 'DTSTART;TZID=China Standard Time:20270101T090000', 'DTEND:20270103T080000Z'],
    ['with no zone', 'DTSTART:20270101T080000', 'DTEND:20270103T180000'],
    ['with a length', 'DTSTART:20261231T160000Z', 'DURATION:P3D'],
  ])('[WD7] reads times of iCalendar as the days in China in which they lie: %s', (_, from, until) => {
    const text = ics(['20270101', '20270104', '元旦（休）'])
      .replace('DTSTART;VALUE=DATE:20270101', from)
      .replace('DTEND;VALUE=DATE:20270104', until);
    expect(readNotices(text)).toMatchObject({
      notices: [{ off: ['2027-01-01', '2027-01-02', '2027-01-03'] }],
      faults: [],
    });
  });

  it('[WD7] does not take what an alarm of an iCalendar entry says for what the entry says', () => {
    const alarm = ['BEGIN:VALARM', 'SUMMARY:节后上班', 'DURATION:PT15M', 'TRIGGER:-PT1H', 'END:VALARM'].join('\r\n');
    const text = ics(['20270101', '20270104', '元旦（休）']).replace('SUMMARY:', `${alarm}\r\nSUMMARY:`);
    expect(readNotices(text).notices).toMatchObject([{ off: ['2027-01-01', '2027-01-02', '2027-01-03'], work: [] }]);
  });

  it('[WD8] takes the source from a file that names its papers', () => {
    const papers = ['https://www.gov.cn/a.htm', 'https://www.gov.cn/b.htm'];
    const file = { ...perYear(2027, [['2027-01-01', true]]), papers };
    expect(readNotices(JSON.stringify(file)).notices[0]?.source).toBe(papers.join(' '));
    for (const none of [[], ['javascript:alert(1)'], 'https://www.gov.cn', [7]]) {
      expect(readNotices(JSON.stringify({ ...file, papers: none })).notices[0]?.source).toBeUndefined();
    }
  });

  it('[WD9] an end of December stands in the notice of the year after, where that is in the file', () => {
    const year = [...fixed(2019), '2018-12-30', '2018-12-31', '+2018-12-29'];
    const notice = { year: 2019, off: ['2018-12-30', '2018-12-31', ...fixed(2019)], work: ['2018-12-29'] };
    expect(readNotices(byDate(...year)).notices).toEqual([notice]);
    expect(readNotices(byDate(...year), 2019).notices).toEqual([notice]);
    expect(readNotices(byDate(...year, ...fixed(2018))).notices).toEqual([
      { year: 2018, off: [...fixed(2018), '2018-12-30', '2018-12-31'], work: ['2018-12-29'] },
      { year: 2019, off: fixed(2019), work: [] },
    ]);
  });

  it('[WD9] [WD5] a day that slipped into another year is found, in a file that names no year', () => {
    const slipped = byDate(...fixed(2027), '2028-05-02', '+2028-05-06');
    expect(readNotices(slipped).faults).toEqual([
      { where: '2028-05-02', reason: expect.stringContaining('2028 年没有写 2028-01-01'), clause: 'WD9' },
    ]);
    expect(reasons(slipped, 2027)).toEqual(['2028-05-02：不属于 2027 年', '2028-05-06：不属于 2027 年']);
    expect(reasons(byDate(...fixed(2026)), 2027)).toEqual(fixed(2026).map((day) => `${day}：不属于 2027 年`));
    expect(reasons(JSON.stringify(perYear(2026, [['2026-01-01', true]])), 2027)).toEqual(['2026：应为 2027 年的通知']);
  });

  it('[WD7] finds what reading JSON would not tell: a day that is written twice', () => {
    expect(readNotices('{"holidays":{"2027-01-01":"a","2027-01-01":"b"},"workdays":{}}').faults).toEqual([
      { where: '2027-01-01', reason: '同一天出现两次', clause: 'WD5' },
    ]);
    expect(readNotices('{"holidays":{"2027-01-01":"a"},"holidays":{"2027-05-01":"a"}}').faults).toEqual([
      { where: 'holidays', reason: '这一项写了两次', clause: 'WD7' },
    ]);
    // The same names in other objects, and in texts, are no names twice.
    const file = { holidays: { '2027-01-01': '{"2027-01-01":' }, workdays: {}, inLieuDays: { '2027-01-01': '\\"' } };
    expect(readNotices(JSON.stringify(file)).faults).toEqual([]);
  });

  it('[WD5] [WD7] tells every fault of a file, and takes nothing of it', () => {
    const file = perYear(2027, [
      ['2027-01-01', true],
      ['2026-05-01', true],
      ['2027-02-30', true],
      ['2027-01-01', false],
      ['2027-01-05', false],
    ]);
    expect(reasons(JSON.stringify([file, { year: 2028 }]))).toEqual([
      '2026-05-01：不属于 2027 年',
      '2027-02-30：没有这一天',
      '2027-01-01：同一天既放假又上班',
      '2027-01-05：不是周六或周日，不能作为补班的日子',
      '第 2 份：应有 year 和 days，或 holidays 和 workdays',
    ]);
    expect(clauses(JSON.stringify(file))).toEqual(['WD5', 'WD5', 'WD5', 'WD6']);
  });

  it('[WD7] refuses what is far too much, and at once', () => {
    const days = Array.from({ length: 5_001 }, (_, i) => plusDays('2001-01-01', i));
    expect(reasons(byDate(...days))).toEqual(['文件：不能多于 5000 个日期']);
    expect(
      reasons(
        JSON.stringify(
          perYear(
            2027,
            days.map((day) => [day, true]),
          ),
        ),
      ),
    ).toEqual(['文件：不能多于 5000 个日期']);
    const months = Array.from({ length: 200 }, (): [string, string, string] => ['20270101', '20270201', '休']);
    expect(reasons(ics(...months))).toEqual(['文件：不能多于 5000 个日期']);
    expect(reasons(byDate('x'.repeat(10_000)))).toEqual([`${'x'.repeat(30)}…：没有这一天`]);
  });

  it('[WD5] [WD6] what it takes has no fault, whatever is in the file', () => {
    const day = fc.integer({ min: -60, max: 400 }).map((days) => plusDays('2027-01-01', days));
    const entries = fc.array(fc.tuple(day, fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(entries, (days) => {
        const { notices, faults } = readNotices(JSON.stringify(perYear(2027, days)));
        expect(notices.length).toBe(faults.length === 0 ? 1 : 0);
        for (const notice of notices) {
          expect(noticeFaults(notice)).toEqual([]);
          expect([...notice.off, ...notice.work].sort()).toEqual(days.map(([one]) => one).sort());
          for (const worked of notice.work) expect([0, 6]).toContain(weekdayOf(worked));
        }
      }),
    );
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
      '第 2 行：看不出是放假还是上班：应写明“休”“假”或“班”',
    ],
    ['an empty calendar', ics(), '文件：没有任何日期'],
    ['an entry longer than any holiday', ics(['20270101', '20271231', '休']), '第 2 行：一条日程不能超过 31 天'],
    ['an entry that ends before it begins', ics(['20270103', '20270101', '休']), '第 2 行：日程的结束日期不对'],
    ['an entry on no day', ics(['20270230', '20270301', '休']), '第 2 行：日程没有起始日期，或没有这一天'],
    ['an entry beyond all years', ics(['99991231', '99991231', '休']), '第 2 行：日程没有起始日期，或没有这一天'],
    [
      'an entry of another time zone',
      ics(['20270101', '20270102', '休']).replace('VALUE=DATE:20270101', 'TZID=America/New_York:20270101T000000'),
      '第 2 行：日程的时间须为中国时间（TZID=Asia/Shanghai）或 UTC',
    ],
    [
      'an entry at no time',
      ics(['20270101', '20270102', '休']).replace('VALUE=DATE:20270101', 'TZID=PRC:20270101T250000'),
      '第 2 行：日程没有起始日期，或没有这一天',
    ],
    [
      'an entry that comes again each year',
      ics(['20270101', '20270102', '休']).replace('SUMMARY', 'RRULE:FREQ=YEARLY\r\nSUMMARY'),
      '第 2 行：不接受重复的日程，请逐日写明',
    ],
    [
      'an entry that is cut off',
      ics(['20270101', '20270102', '休']).replace(/END:VEVENT[^]*/, ''),
      '第 2 行：日程没有写完',
    ],
    ['no list', '[]', '文件：没有任何日期'],
    ['a day of no year', byDate('0001-01-01'), '0001-01-01：没有这一天'],
    ['only worked days', JSON.stringify(perYear(2027, [['2027-01-09', false]])), '2027：没有放假的日子'],
  ])('[WD5] [WD7] refuses %s', (_, text, reason) => {
    expect(reasons(text)).toEqual([reason]);
  });
});

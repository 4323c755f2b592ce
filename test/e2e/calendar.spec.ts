import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CalendarDue, ImportedNotice, NoticeReport, Problem } from '@minqing-hub/client-sdk/protocol';
import { CalendarBook } from '../../src/calendar/calendar-book.js';
import { Caller } from '../support/caller.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

const SOURCE = 'https://www.gov.cn/zhengce/2027.htm';
/** A New Year that begins in December, and a Saturday that is worked for it. */
const OFF = ['2026-12-31', '2027-01-01', '2027-01-02', '2027-01-03', '2027-01-04', '2027-05-01', '2027-10-01'];
const WORK = ['2027-01-09'];

const HOLIDAY_CN = JSON.stringify({
  year: 2027,
  papers: ['https://www.gov.cn/papers.htm'],
  days: [
    ...OFF.map((date) => ({ name: '节', date, isOffDay: true })),
    ...WORK.map((date) => ({ name: '班', date, isOffDay: false })),
  ],
});
const CHINESE_DAYS = JSON.stringify({
  holidays: Object.fromEntries(OFF.map((day) => [day, "New Year's Day,元旦,1"])),
  workdays: Object.fromEntries(WORK.map((day) => [day, "New Year's Day,元旦,1"])),
  inLieuDays: { '2027-01-04': "New Year's Day,元旦,1" },
});
const ICS = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  ...[
    ['20261231', '20270105', '元旦（休）'],
    ['20270501', '20270502', '劳动节（休）'],
    ['20271001', '20271002', '国庆节（休）'],
    ['20270109', '20270110', '元旦（班）'],
  ].flatMap(([from, to, words]) => [
    'BEGIN:VEVENT',
    `DTSTART;VALUE=DATE:${from}`,
    `DTEND;VALUE=DATE:${to}`,
    `SUMMARY:${words}`,
    'END:VEVENT',
  ]),
  'END:VCALENDAR',
].join('\r\n');
/** Beside the checkout there may be records of real years. */
const RECORDS = '../shared/data/workday-calendar';

describe('the calendar over HTTP', () => {
  let hub: TestHub;
  let admin: Caller;
  let agent: Caller;
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'hub-test-'));
    await start();
  });
  afterEach(async () => {
    await hub.stop({ keep: true });
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    hub = await startHub({ dataDir });
    [admin, agent] = await Promise.all([Caller.login(hub.url, 'admin'), Caller.login(hub.url, 'agent001')]);
  }
  const post = <T = NoticeReport>(body: string | Buffer, query = `source=${SOURCE}`, type = 'application/json') =>
    admin.send<T>('POST', `/api/calendar/notices?${query}`, body, type);
  const refusedWith = (body: string | Buffer, query?: string, type?: string) => post<Problem>(body, query, type);
  const notices = async () => (await agent.get<ImportedNotice[]>('/api/calendar/notices')).body;
  const due = async (query: string) => (await agent.get<CalendarDue>(`/api/calendar/due?${query}`)).body;
  const isKnown = (year: number) =>
    until(`the node to know the notice of ${year}`, () => hub.app.get(CalendarBook).calendar.isNoticed(year));

  it.each([
    ['holiday-cn', HOLIDAY_CN, 'application/json'],
    ['chinese-days', CHINESE_DAYS, 'application/json; charset=utf-8'],
    ['ics', ICS, 'text/calendar'],
  ])('[WD1] [WD8] a notice comes as %s, and what was provisional is so no more', async (form, text, type) => {
    expect(await due('start=2026-12-30&n=2')).toMatchObject({ day: '2027-01-04', provisional: true });
    const { status, body } = await post(text, `year=2027&source=${SOURCE}`, type);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'imported', faults: [] });
    expect(body.notices).toEqual([
      {
        noticeId: expect.any(String),
        year: 2027,
        version: 1,
        off: OFF,
        work: WORK,
        source: SOURCE,
        form,
        importedAt: expect.any(Number),
        importedBy: 'admin',
        inForce: true,
      },
    ]);
    expect(body.remarks.map(({ where }) => where)).toContain('2027-04-05');
    await isKnown(2027);
    expect(await due('start=2026-12-30&n=2')).toEqual({
      start: '2026-12-30',
      n: 2,
      basis: 'workday',
      day: '2027-01-06',
      dueAt: Date.parse('2027-01-07T00:00:00+08:00'),
      provisional: false,
      noticeIds: [expect.any(String), body.notices[0]!.noticeId],
    });
    expect((await due('start=2027-01-08&n=1')).day).toBe('2027-01-09');
    expect((await notices()).map(({ year }) => year)).toEqual([2027, 2026, 2025, 2024]);
  });

  it('[WD8] the same file again makes no new version, a corrected one does, and a restart knows the last', async () => {
    await post(HOLIDAY_CN);
    const again = await post(HOLIDAY_CN, 'source=elsewhere');
    expect(again.body).toMatchObject({ status: 'unchanged', notices: [{ version: 1, source: SOURCE }] });
    const corrected = HOLIDAY_CN.replace('2027-01-04', '2027-01-05');
    expect((await post(corrected, '')).body).toMatchObject({
      status: 'imported',
      notices: [{ version: 2, source: 'https://www.gov.cn/papers.htm' }],
    });
    const told = (list: ImportedNotice[]) =>
      list.map(({ year, version, inForce }) => `${year} v${version}${inForce ? ' in force' : ''}`);
    const all = ['2027 v2 in force', '2027 v1', '2026 v1 in force', '2025 v1 in force', '2024 v1 in force'];
    expect(told(await notices())).toEqual(all);

    await hub.stop({ keep: true });
    await start();
    expect(told(await notices())).toEqual(all);
    expect((await due('start=2027-01-03&n=1')).day).toBe('2027-01-04');
  });

  it('[I7] repeated with its id it is answered as before', async () => {
    const commandId = randomUUID();
    const first = await post(HOLIDAY_CN, `source=${SOURCE}&commandId=${commandId}`);
    await post(HOLIDAY_CN.replace('2027-01-04', '2027-01-05'));
    expect(await post(HOLIDAY_CN, `source=${SOURCE}&commandId=${commandId}`)).toEqual(first);
    expect(await refusedWith(ICS, `source=${SOURCE}&commandId=${commandId}`, 'text/calendar')).toMatchObject({
      status: 409,
      body: { code: 'command_id_reused' },
    });
    expect((await notices()).filter(({ year }) => year === 2027)).toHaveLength(2);
  });

  it('[WD5] [WD6] [WD7] a file with faults is refused as a whole, with every one of them', async () => {
    const days = [
      { date: '2027-01-01', isOffDay: true },
      { date: '2027-01-01', isOffDay: false },
      { date: '2027-05-01', isOffDay: true },
      { date: '2027-05-01', isOffDay: true },
      { date: '2028-01-01', isOffDay: true },
      { date: '2027-02-29', isOffDay: true },
      { date: '2027-01-05', isOffDay: false },
    ];
    const { status, body } = await post(JSON.stringify({ year: 2027, days }));
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'refused',
      notices: [],
      faults: [
        { where: '2027-01-01', reason: '同一天既放假又上班', clause: 'WD5' },
        { where: '2027-05-01', reason: '同一天出现两次', clause: 'WD5' },
        { where: '2028-01-01', reason: '不属于 2027 年', clause: 'WD5' },
        { where: '2027-02-29', reason: '没有这一天', clause: 'WD5' },
        { where: '2027-01-05', reason: '不是周六或周日，不能作为补班的日子', clause: 'WD6' },
      ],
      remarks: [],
    });
    const clausesOf = async (text: string, query?: string, type?: string) => {
      const report = (await post(text, query, type)).body;
      expect(report.status).toBe('refused');
      return report.faults.map(({ clause }) => clause);
    };
    expect(await clausesOf('{"year":2027,"days":[]}')).toEqual(['WD5']);
    expect(await clausesOf('{"holidays":{"2027-01-01":"a","2027-01-01":"b"}}')).toEqual(['WD5']);
    expect(await clausesOf(HOLIDAY_CN, `source=${SOURCE}&year=2028`)).toEqual(['WD5']);
    expect(await clausesOf('<html>')).toEqual(['WD7']);
    expect(await clausesOf(ICS.replaceAll('（休）', ''), undefined, 'text/calendar')).toEqual(['WD7', 'WD7', 'WD7']);
    expect(
      await clausesOf('{"holidays":{"2027-01-01":"a","2027-05-01":"a","2027-10-01":"a","2028-05-01":"b"}}'),
    ).toEqual(['WD9']);
    expect((await notices()).map(({ year }) => year)).toEqual([2026, 2025, 2024]);
  });

  it('[WD7] [WD8] what is no file of a notice is refused at the door', async () => {
    expect(await refusedWith(HOLIDAY_CN, undefined, 'text/plain')).toMatchObject({
      status: 400,
      body: { code: 'payload_malformed', field: 'content-type', clause: 'WD7' },
    });
    expect(await refusedWith(HOLIDAY_CN, undefined, 'application/json; charset=gbk')).toMatchObject({ status: 400 });
    expect(await refusedWith(Buffer.from([0x7b, 0xff, 0xfe]))).toMatchObject({
      status: 400,
      body: { code: 'payload_malformed', field: 'body' },
    });
    expect(await refusedWith(' '.repeat(1_048_577))).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large', clause: 'WD7' },
    });
    expect((await post(HOLIDAY_CN + ' '.repeat(1_000_000))).body).toMatchObject({ status: 'imported' });
    expect(await refusedWith(CHINESE_DAYS, '')).toMatchObject({
      status: 422,
      body: { code: 'payload_invalid', field: 'source', clause: 'WD8' },
    });
    for (const [query, field] of [
      ['source=javascript:alert(1)', 'source'],
      ['source=a&source=b', 'source'],
      [`source=${SOURCE}&year=soon`, 'year'],
      [`source=${SOURCE}&year=1800`, 'year'],
      [`source=${SOURCE}&commandId=7`, 'commandId'],
      [`source=${SOURCE}&jahr=2027`, 'jahr'],
    ]) {
      expect(await refusedWith(HOLIDAY_CN, query)).toMatchObject({
        status: 422,
        body: { code: 'payload_invalid', field },
      });
    }
  });

  it('[WD12] [I6] importing is for a policy administrator, asking for everybody', async () => {
    for (const caller of [agent, await Caller.login(hub.url, 'dispatcher01')]) {
      const answer = await caller.send<Problem>('POST', '/api/calendar/notices', 'no notice', 'text/plain');
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      expect(await caller.refusedTo('importHolidayNotice', { text: HOLIDAY_CN, source: SOURCE })).toMatchObject({
        status: 403,
      });
      expect((await caller.get('/api/calendar/notices')).status).toBe(200);
      expect((await caller.get('/api/calendar/due?start=2026-02-13&n=1')).status).toBe(200);
    }
    for (const path of ['notices', 'due?start=2026-02-13&n=1']) {
      expect((await Caller.stranger(hub.url).get(`/api/calendar/${path}`)).status).toBe(401);
    }
    expect(await notices()).toHaveLength(3);
  });

  it('[WD3] [WD4] [WD12] tells when so many days end', async () => {
    expect(await due('start=2026-02-14&n=1&basis=workday')).toMatchObject({ day: '2026-02-24', provisional: false });
    expect(await due('start=2026-02-14&n=3&basis=day')).toEqual({
      start: '2026-02-14',
      n: 3,
      basis: 'day',
      day: '2026-02-17',
      dueAt: Date.parse('2026-02-18T00:00:00+08:00'),
      provisional: false,
      noticeIds: [],
    });
    expect(await due('start=2026-11-20&n=30')).toMatchObject({ day: '2027-01-04', provisional: true });
    for (const [query, field] of [
      ['n=1', 'start'],
      ['start=2026-02-30&n=1', 'start'],
      ['start=0001-01-01&n=1', 'start'],
      ['start=2026-02-14', 'n'],
      ['start=2026-02-14&n=0', 'n'],
      ['start=2026-02-14&n=1001', 'n'],
      ['start=2026-02-14&n=1&basis=wall', 'basis'],
      ['start=2026-02-14&n=1&days=2', 'days'],
    ]) {
      expect(await agent.get<Problem>(`/api/calendar/due?${query}`)).toMatchObject({
        status: 422,
        body: { code: 'payload_invalid', field },
      });
    }
  });

  it('[WD1] [WD8] takes the records of real years as they are', async () => {
    const files = existsSync(RECORDS) ? readdirSync(RECORDS).filter((name) => /^\d{4}\.json$/.test(name)) : [];
    // Without them: what comes with the hub, in the form that such records have.
    const texts = files.length
      ? files.map((name) => readFileSync(join(RECORDS, name), 'utf8'))
      : (await notices()).map(({ off, work }) =>
          JSON.stringify({
            holidays: Object.fromEntries(off.map((day) => [day, ''])),
            workdays: Object.fromEntries(work.map((day) => [day, ''])),
          }),
        );
    const before = await notices();
    for (const text of texts) {
      const { body } = await post(text, `source=${SOURCE}`);
      expect(body).toMatchObject({ status: 'imported', faults: [], remarks: [] });
      const [notice] = body.notices;
      const known = before.find(({ year }) => year === notice!.year)!;
      expect({ off: notice!.off, work: notice!.work }).toEqual({ off: known.off, work: known.work });
      expect(notice!.version).toBe(2);
    }
  });
});

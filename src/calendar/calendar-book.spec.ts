import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { NoticeReport } from '@minqing-hub/client-sdk/protocol';
import fc from 'fast-check';
import { type CalendarKit, openCalendarKit } from '../../test/support/calendar-kit.js';
import { until } from '../../test/support/until.js';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { daysFrom, weekdayOf } from '../domain/calendar/day.js';
import { type HolidayNotice, WorkCalendar } from '../domain/calendar/work-calendar.js';
import type { ReadModel } from '../storage/unit-of-work.js';
import { daysOffByLaw } from './feasts.js';
import { knownNotices } from './known-notices.js';

const SOURCE = 'https://www.gov.cn/2027.htm';
const fileOf = (year: number, off: string[], work: string[] = []) =>
  JSON.stringify({
    year,
    days: [
      ...off.map((date) => ({ name: '节', date, isOffDay: true })),
      ...work.map((date) => ({ name: '班', date, isOffDay: false })),
    ],
  });
/** By the law, joined to a longer Spring Festival, and with a New Year that begins early. */
const OFF_2027 = ['2026-12-31', ...daysOffByLaw(2027), '2027-02-09', '2027-02-10'];
const FILE_2027 = fileOf(2027, OFF_2027, ['2027-01-09']);
const KNOWN = knownNotices('config');

describe('the calendar of a hub', () => {
  let kit: CalendarKit;
  beforeEach(async () => {
    Logger.overrideLogger(['fatal']); // outages are part of the tests
    kit = await openCalendarKit();
  });
  afterEach(() => kit.close());

  const report = async (text: string, more: { source?: string; year?: number } = {}) => {
    const answer = await kit.importNotice({ text, source: SOURCE, ...more });
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return answer.result as NoticeReport;
  };
  const versions = async () => (await kit.stored()).map(({ year, version }) => `${year} v${version}`);

  describe('at the start', () => {
    it('[WD11] takes in what comes with the hub, with its source, once', async () => {
      const { book } = await kit.node();
      expect(await kit.stored()).toMatchObject(
        [...KNOWN].reverse().map(({ year, source, off, work }) => ({
          year,
          version: 1,
          source,
          off,
          work,
          form: 'hub',
          importedBy: 'system',
          importedAt: kit.clock.now(),
        })),
      );
      expect(book.calendar.afterWorkdays('2026-02-14', 1)).toMatchObject({ day: '2026-02-24', provisional: false });
      await kit.node();
      expect(await versions()).toEqual(['2026 v1', '2025 v1', '2024 v1']);
      expect((await kit.events()).map(({ data }) => data.year)).toEqual([2024, 2025, 2026]);
    });

    it('[WD11] a later program brings the years that are missing, and replaces nothing that was imported', async () => {
      await kit.node();
      const other = fileOf(2026, ['2026-01-01', '2026-05-01', '2026-10-01']);
      await report(other);
      const configDir = await mkdtemp(join(tmpdir(), 'hub-config-'));
      try {
        await cp('config', configDir, { recursive: true });
        const file = join(configDir, 'calendar/notices.json');
        const later = { year: 2027, source: '通知', off: ['2027-01-01/2027-01-03'], work: [] };
        await writeFile(file, JSON.stringify([{ year: 2026, source: '别的', off: ['2026-01-01'], work: [] }, later]));
        const { book } = await kit.node({ configDir });
        expect(await versions()).toEqual(['2027 v1', '2026 v2', '2026 v1', '2025 v1', '2024 v1']);
        expect(book.calendar.isNoticed(2027)).toBe(true);
        expect(book.calendar.isWorkday('2026-01-02')).toBe(true);

        await writeFile(file, JSON.stringify([{ ...later, work: ['2027-01-03', '2027-01-05'] }]));
        await expect(kit.node({ configDir })).rejects.toThrow(
          new ConfigurationFault([
            'calendar/notices.json：2027 年 2027-01-03：同一天既放假又上班',
            'calendar/notices.json：2027 年 2027-01-05：不是周六或周日，不能作为补班的日子',
          ]),
        );
      } finally {
        await rm(configDir, { recursive: true });
      }
    });

    it('[WD11] of two nodes that start at once one takes them in', async () => {
      const [one, two] = await Promise.all([kit.node(), kit.node()]);
      expect(await versions()).toEqual(['2026 v1', '2025 v1', '2024 v1']);
      expect(await kit.events()).toHaveLength(3);
      for (const { book } of [one, two]) expect(book.calendar.isNoticed(2026)).toBe(true);
    });
  });

  describe('an import', () => {
    it('[WD8] keeps the notice with its source, time and importer, and tells it with its days', async () => {
      await kit.node();
      kit.clock.advance(60_000);
      const { status, notices, faults, remarks } = await report(FILE_2027);
      expect({ status, faults, remarks }).toEqual({ status: 'imported', faults: [], remarks: [] });
      expect(notices).toEqual([
        {
          noticeId: expect.any(String),
          year: 2027,
          version: 1,
          off: [...OFF_2027].sort(),
          work: ['2027-01-09'],
          source: SOURCE,
          form: 'holiday-cn',
          importedAt: kit.clock.now(),
          importedBy: 'admin',
          inForce: true,
        },
      ]);
      const { noticeId } = notices[0]!;
      const last = (await kit.events()).at(-1)!;
      expect(last).toMatchObject({ subject: 'hub:calendar', actorId: 'admin', at: kit.clock.now() });
      expect(last.data).toEqual({
        year: 2027,
        noticeId,
        version: 1,
        form: 'holiday-cn',
        off: [...OFF_2027].sort(),
        work: ['2027-01-09'],
        changedFrom: '2026-12-31',
      });
    });

    it('[WD8] replaces the notice of its year; the very same file again makes no new one, an older one does', async () => {
      const { book, tail } = await kit.node();
      const shorter = fileOf(2027, daysOffByLaw(2027));
      expect(await report(FILE_2027)).toMatchObject({ status: 'imported', notices: [{ version: 1 }] });
      const again = await report(FILE_2027, { source: '另一处' });
      expect(again).toMatchObject({ status: 'unchanged', notices: [{ version: 1, source: SOURCE }] });
      expect(await report(shorter)).toMatchObject({ status: 'imported', notices: [{ version: 2 }] });
      expect(await report(FILE_2027)).toMatchObject({ status: 'imported', notices: [{ version: 3 }] });
      expect((await versions()).slice(0, 3)).toEqual(['2027 v3', '2027 v2', '2027 v1']);
      expect((await kit.events()).map(({ data }) => data.changedFrom).slice(3)).toEqual([
        '2026-12-31',
        '2026-12-31',
        '2026-12-31',
      ]);
      await tail.reached((await kit.events()).at(-1)!.seq);
      expect(book.calendar.isWorkday('2027-02-09')).toBe(false);
    });

    it('[WD10] says when nothing counts otherwise', async () => {
      await kit.node();
      const { year, off, work } = KNOWN.find((notice) => notice.year === 2026)!;
      expect(await report(fileOf(year, [...off], [...work]))).toMatchObject({ notices: [{ version: 2 }] });
      expect((await kit.events()).at(-1)!.data).toMatchObject({ year: 2026, changedFrom: null });
    });

    it('[I7] repeated under its id it has one effect and one answer', async () => {
      const id = randomUUID();
      const first = await kit.importNotice({ text: FILE_2027, source: SOURCE }, id);
      await report(fileOf(2027, daysOffByLaw(2027)));
      expect(await kit.importNotice({ text: FILE_2027, source: SOURCE }, id)).toEqual(first);
      expect(await versions()).toEqual(['2027 v2', '2027 v1']);
    });

    it('[WD5] [WD7] with a fault it changes nothing, and tells them all', async () => {
      await kit.node();
      const text = `[${FILE_2027},${fileOf(2028, ['2028-01-01', '2027-05-01'], ['2028-01-01', '2028-01-04'])}]`;
      expect(await report(text)).toEqual({
        status: 'refused',
        notices: [],
        faults: [
          { where: '2027-05-01', reason: '不属于 2028 年', clause: 'WD5' },
          { where: '2028-01-01', reason: '同一天既放假又上班', clause: 'WD5' },
          { where: '2028-01-04', reason: '不是周六或周日，不能作为补班的日子', clause: 'WD6' },
        ],
        remarks: [],
      });
      expect(await kit.stored()).toHaveLength(3);
      expect(await kit.events()).toHaveLength(3);
    });

    it('[WD8] needs a source that is an address or a title, from the call or from the file', async () => {
      const refusal = { ok: false, error: { code: 'payload_invalid', field: 'source', clause: 'WD8' } };
      expect(await kit.importNotice({ text: FILE_2027 })).toMatchObject(refusal);
      expect(await kit.importNotice({ text: FILE_2027, source: 'javascript:alert(1)' })).toMatchObject(refusal);
      expect(await kit.stored()).toEqual([]);
      const papers = { ...(JSON.parse(FILE_2027) as object), papers: ['https://www.gov.cn/a.htm'] };
      const answer = await kit.importNotice({ text: JSON.stringify(papers) });
      expect(answer).toMatchObject({ ok: true, result: { notices: [{ source: 'https://www.gov.cn/a.htm' }] } });
    });

    it('[WD2] points at days off by law that a notice leaves out', async () => {
      const off = OFF_2027.filter((day) => day !== '2027-04-05');
      expect((await report(fileOf(2027, off))).remarks).toEqual([
        { where: '2027-04-05', reason: expect.stringContaining('法定节日') },
      ]);
    });

    it('[WD9] takes in many years at once', async () => {
      const years = Array.from({ length: 20 }, (_, i) => 2027 + i);
      const text = JSON.stringify({
        holidays: Object.fromEntries(years.flatMap((year) => daysOffByLaw(year)).map((day) => [day, '节'])),
        workdays: {},
      });
      const { status, notices } = await report(text);
      expect(status).toBe('imported');
      expect(notices.map(({ year }) => year)).toEqual(years);
    });
  });

  describe('on several nodes', () => {
    it('[WD10] a notice counts from its place on: not inside the transaction, and then everywhere', async () => {
      const [here, there] = [await kit.node(), await kit.node()];
      const before = here.book.calendar;
      expect(before.afterWorkdays('2026-12-30', 1)).toMatchObject({ day: '2026-12-31', provisional: false });
      await report(FILE_2027);
      const { seq } = (await kit.events()).at(-1)!;
      for (const { book } of [here, there]) {
        const calendar = await book.calendarAt(seq);
        expect(book.calendar).toBe(calendar);
        expect(calendar.afterWorkdays('2026-12-30', 1)).toMatchObject({ day: '2027-01-04', provisional: false });
        expect(book.noticesOf(2026, 2027).map(({ year }) => year)).toEqual([2026, 2027]);
      }
      // What somebody holds does not change under their hands.
      expect(before.isWorkday('2026-12-31')).toBe(true);
    });

    it('[WD10] a node learns what was placed while it was starting', async () => {
      const { book, tail } = await kit.node({ started: false });
      await report(FILE_2027);
      expect(book.calendar.isNoticed(2027)).toBe(false);
      const early = await kit.node({ started: false });
      await report(fileOf(2029, daysOffByLaw(2029)));
      expect((await early.book.calendarAt((await kit.events()).at(-1)!.seq)).isNoticed(2029)).toBe(true);
      await tail.start();
      await until('the node to know the notice', () => book.calendar.isNoticed(2027));
    });

    it('[WD10] a node that cannot read at its start looks again with the next event', async () => {
      let down = false;
      const readModel: ReadModel = {
        run: (work) => (down ? Promise.reject(new Error('the database is away')) : kit.readModel.run(work)),
      };
      const { book, tail } = await kit.node({ readModel, started: false });
      await report(FILE_2027);
      down = true;
      await tail.start();
      await expect(book.calendarAt(0)).rejects.toThrow('the database is away');
      expect(book.calendar.isNoticed(2027)).toBe(false);
      down = false;
      expect(await report(fileOf(2029, daysOffByLaw(2029)))).toMatchObject({ status: 'imported' });
      await until('the node to know both notices', () => [2027, 2029].every((year) => book.calendar.isNoticed(year)));
    });

    it('[WD10] [I8] memory of each node, rows and log give the same calendar, whatever was imported', async () => {
      const [here, there] = [await kit.node(), await kit.node()];
      const pick = (days: string[]) => fc.subarray(days, { minLength: 1, maxLength: 6 });
      const noticeOf = (year: number) =>
        pick([...daysFrom(`${year - 1}-12-25`, `${year}-01-20`)]).chain((off) =>
          fc.record({
            year: fc.constant(year),
            off: fc.constant(off),
            work: fc.subarray(
              [...daysFrom(`${year}-01-01`, `${year}-01-31`)].filter(
                (day) => [0, 6].includes(weekdayOf(day)) && !off.includes(day),
              ),
            ),
          }),
        );
      const imports = fc.array(fc.constantFrom(2027, 2028, 2029).chain(noticeOf), { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(imports, async (given) => {
          for (const { year, off, work } of given) await report(fileOf(year, off, work));
          const events = await kit.events();
          const told = new Map(events.map(({ data }) => [data.year, data as unknown as HolidayNotice]));
          const byLog = new WorkCalendar(
            [...told.values()].sort((a, b) => a.year - b.year),
            daysOffByLaw,
          );
          const fresh = await kit.node();
          for (const { book } of [here, there, fresh]) {
            const calendar = await book.calendarAt(events.at(-1)!.seq);
            for (const day of daysFrom('2026-12-01', '2029-02-10')) {
              expect([day, calendar.isWorkday(day)]).toEqual([day, byLog.isWorkday(day)]);
            }
          }
        }),
        { numRuns: 12 },
      );
    });
  });
});

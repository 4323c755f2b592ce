import type { NoticeFault, NoticeForm } from '@minqing-hub/client-sdk/protocol';
import { type Day, dayFrom, daysFrom, plusDays, weekdayOf, yearOf } from './day.js';
import { type CalendarEntry, readCalendarEntries } from './ics.js';
import { FIRST_YEAR, isKnownYear, LAST_YEAR } from './known-years.js';
import { noticeSource } from './notice-source.js';
import { repeatedNames } from './repeated-names.js';
import type { HolidayNotice } from './work-calendar.js';

/** As a file gives it. `source`: the addresses that the file itself names. */
export interface ReadNotice extends HolidayNotice {
  source?: string;
}

export type ReadNotices =
  { form: NoticeForm; notices: ReadNotice[]; faults: [] } | { notices: []; faults: NoticeFault[] };

/** A notice has some forty; a file of a hundred years is no notice any more. [WD7] */
const MOST_DAYS = 5_000;
/** What a single entry may span: no holiday is longer. */
const LONGEST_ENTRY = 31;
/** So much of what a file says is repeated in a report. */
const SHOWN = 30;

/** One statement of a file about one day. */
interface Statement {
  day: string;
  off: boolean;
}

/** Days may lie in the December before the notice's year: a New Year that begins early. */
const belongsTo = (day: Day, year: number): boolean => yearOf(day) === year || day.startsWith(`${year - 1}-12-`);

/**
 * The notices that a file tells of. Forms: `{year, days:[{date, isOffDay}]}`, one or a list of them; `{holidays:{date:…},
 * workdays:{date:…}}`; iCalendar, whose entries say 休 or 假, or 班. A file with a fault is refused as a whole, with all
 * its faults [WD5] [WD7]. `year`: of which year a notice is meant; every other is a fault.
 */
export function readNotices(text: string, year?: number): ReadNotices {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (/^BEGIN:VCALENDAR/i.test(trimmed)) return fromCalendar(trimmed, year);
  let json: unknown;
  try {
    json = JSON.parse(trimmed);
  } catch {
    return refused([unreadable('文件', '既不是 JSON，也不是 iCalendar（.ics）')]);
  }
  const repeated = repeatedNames(trimmed);
  if (repeated.length > 0) {
    return refused(
      repeated.map((name) =>
        dayFrom(name) ? wrong(name, '同一天出现两次') : unreadable(shown(name), '这一项写了两次'),
      ),
    );
  }
  return fromJson(json, year);
}

/** What cannot be so in a notice, each with its day. [WD5] [WD6] */
export function noticeFaults({ year, off, work }: HolidayNotice): NoticeFault[] {
  return oneYear(year, [...statements(off, true), ...statements(work, false)]).faults;
}

function fromJson(json: unknown, wanted: number | undefined): ReadNotices {
  if (isRecord(json) && isRecord(json.holidays)) {
    const { holidays, workdays } = json;
    const days = [
      ...statements(Object.keys(holidays), true),
      ...statements(Object.keys(isRecord(workdays) ? workdays : {}), false),
    ];
    return byYear('chinese-days', days, wanted);
  }
  const years: unknown[] = Array.isArray(json) ? json : [json];
  if (years.reduce<number>((days, one) => days + daysIn(one), 0) > MOST_DAYS) return refused([tooMany()]);
  const faults: NoticeFault[] = [];
  const notices: ReadNotice[] = [];
  for (const [index, entry] of years.entries()) {
    const read = fromYear(entry, years.length > 1 ? `第 ${index + 1} 份` : '文件');
    faults.push(...read.faults);
    for (const notice of read.notices) {
      if (notices.some((other) => other.year === notice.year)) {
        faults.push(wrong(String(notice.year), '同一年份出现两次'));
      }
      if (wanted !== undefined && notice.year !== wanted) {
        faults.push(wrong(String(notice.year), `应为 ${wanted} 年的通知`));
      }
      notices.push(notice);
    }
  }
  if (years.length === 0) faults.push(wrong('文件', '没有任何日期'));
  return faults.length > 0 ? refused(faults) : { form: 'holiday-cn', notices, faults: [] };
}

const daysIn = (entry: unknown): number => (isRecord(entry) && Array.isArray(entry.days) ? entry.days.length : 1);

function fromYear(entry: unknown, where: string): { notices: ReadNotice[]; faults: NoticeFault[] } {
  if (!isRecord(entry) || !Array.isArray(entry.days)) {
    return { notices: [], faults: [unreadable(where, '应有 year 和 days，或 holidays 和 workdays')] };
  }
  const { year } = entry;
  if (typeof year !== 'number' || !Number.isInteger(year) || !isKnownYear(year)) {
    return { notices: [], faults: [wrong(where, `year 应为 ${FIRST_YEAR} 至 ${LAST_YEAR} 之间的年份`)] };
  }
  // A year's file may stand empty until the notice is out: it says nothing.
  if (entry.days.length === 0) return { notices: [], faults: [wrong(String(year), '这一年还没有任何日期')] };
  const days: Statement[] = [];
  const faults: NoticeFault[] = [];
  for (const [index, day] of entry.days.entries()) {
    if (isRecord(day) && typeof day.date === 'string' && typeof day.isOffDay === 'boolean') {
      days.push({ day: day.date, off: day.isOffDay });
    } else faults.push(unreadable(`${year} 年第 ${index + 1} 项`, '应有 date 和 isOffDay'));
  }
  const read = oneYear(year, days);
  if (faults.length > 0) return { notices: [], faults: [...faults, ...read.faults] };
  const source = addressesOf(entry.papers);
  return { notices: read.notices.map((notice) => ({ ...notice, ...(source && { source }) })), faults: read.faults };
}

/** The addresses of the State Council's own pages, which the file of a year names. */
function addressesOf(papers: unknown): string | undefined {
  if (!Array.isArray(papers)) return undefined;
  const addresses = papers.filter((one): one is string => typeof one === 'string' && /^https?:/i.test(one));
  return noticeSource(addresses.join(' '));
}

function fromCalendar(text: string, wanted: number | undefined): ReadNotices {
  const { entries, faults } = readCalendarEntries(text);
  const days: Statement[] = [];
  for (const entry of entries) {
    const last = plusDays(entry.from, LONGEST_ENTRY) < entry.to ? undefined : entry.to;
    const off = offFrom(entry);
    if (off === undefined) faults.push({ where: entry.where, reason: '看不出是放假还是上班：应写明“休”“假”或“班”' });
    if (last === undefined) faults.push({ where: entry.where, reason: `一条日程不能超过 ${LONGEST_ENTRY} 天` });
    if (off !== undefined && last !== undefined) days.push(...statements(daysFrom(entry.from, last), off));
    if (days.length > MOST_DAYS) return refused([tooMany()]);
  }
  if (faults.length > 0) return refused(faults.map(({ where, reason }) => unreadable(where, reason)));
  return byYear('ics', days, wanted);
}

function offFrom({ words }: CalendarEntry): boolean | undefined {
  if (/班|ALTERNATE-WORKDAY/.test(words)) return false;
  return /休|假|WORK-HOLIDAY/.test(words) ? true : undefined;
}

/** A file that names no year: each day belongs to its own, unless somebody says which year it is for. */
function byYear(form: NoticeForm, days: readonly Statement[], wanted: number | undefined): ReadNotices {
  if (days.length > MOST_DAYS) return refused([tooMany()]);
  const faults = days.filter(({ day }) => !exists(day)).map(({ day }) => wrong(shown(day), '没有这一天'));
  if (days.length === 0) faults.push(wrong('文件', '没有任何日期'));
  if (faults.length > 0) return refused(faults);
  const years = wanted === undefined ? grouped(days) : new Map([[wanted, [...days]]]);
  if (years.size > 1) faults.push(...incomplete(years));
  const notices: ReadNotice[] = [];
  for (const [year, own] of years) {
    const read = oneYear(year, own);
    faults.push(...read.faults);
    notices.push(...read.notices);
  }
  return faults.length > 0 ? refused(faults) : { form, notices, faults: [] };
}

/** By year; a year of which there is only an end of December belongs to the next one, if that is there too. [WD9] */
function grouped(days: readonly Statement[]): Map<number, Statement[]> {
  const years = new Map<number, Statement[]>();
  for (const one of [...days].sort((a, b) => (a.day < b.day ? -1 : 1))) {
    const year = yearOf(one.day);
    years.set(year, [...(years.get(year) ?? []), one]);
  }
  for (const [year, own] of years) {
    const next = years.get(year + 1);
    if (!next || !own.every(({ day }) => belongsTo(day, year + 1))) continue;
    years.set(year + 1, [...own, ...next]);
    years.delete(year);
  }
  return years;
}

/**
 * [WD9] Every notice that there ever was has New Year's Day, 1 May and 1 October off. Of several years in a file that names
 * none, one without them is a slip of the pen in another year's notice.
 */
function incomplete(years: ReadonlyMap<number, readonly Statement[]>): NoticeFault[] {
  const faults: NoticeFault[] = [];
  for (const [year, days] of years) {
    const off = new Set(days.filter((one) => one.off).map(({ day }) => day));
    const missing = ['01-01', '05-01', '10-01'].map((day) => `${year}-${day}`).filter((day) => !off.has(day));
    if (missing.length === 0) continue;
    faults.push({
      where: days[0]!.day,
      reason: `文件有几年的日期，而 ${year} 年没有写 ${missing.join('、')} 放假，不是一份完整的通知；只导入一年时请写明年份`,
      clause: 'WD9',
    });
  }
  return faults;
}

function oneYear(year: number, days: readonly Statement[]): { notices: ReadNotice[]; faults: NoticeFault[] } {
  const faults: NoticeFault[] = [];
  const said = new Map<Day, boolean>();
  for (const { day, off } of days) {
    const before = said.get(day);
    if (!exists(day)) faults.push(wrong(shown(day), '没有这一天'));
    else if (!belongsTo(day, year)) faults.push(wrong(day, `不属于 ${year} 年`));
    else if (before !== undefined) faults.push(wrong(day, before === off ? '同一天出现两次' : '同一天既放假又上班'));
    else if (!off && !isWeekend(day)) {
      faults.push({ where: day, reason: '不是周六或周日，不能作为补班的日子', clause: 'WD6' });
    }
    if (before === undefined) said.set(day, off);
  }
  const off = [...said].filter(([, free]) => free).map(([day]) => day);
  if (faults.length === 0 && off.length === 0) faults.push(wrong(String(year), '没有放假的日子'));
  const work = [...said].filter(([, free]) => !free).map(([day]) => day);
  return { notices: faults.length > 0 ? [] : [{ year, off: off.sort(), work: work.sort() }], faults };
}

const statements = (days: Iterable<string>, off: boolean): Statement[] => [...days].map((day) => ({ day, off }));
const exists = (day: string): boolean => dayFrom(day) !== undefined && isKnownYear(yearOf(day));
const isWeekend = (day: Day): boolean => [0, 6].includes(weekdayOf(day));
const shown = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

const wrong = (where: string, reason: string): NoticeFault => ({ where, reason, clause: 'WD5' });
const unreadable = (where: string, reason: string): NoticeFault => ({ where, reason, clause: 'WD7' });
const tooMany = (): NoticeFault => unreadable('文件', `不能多于 ${MOST_DAYS} 个日期`);
const refused = (faults: NoticeFault[]): ReadNotices => ({ notices: [], faults });
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import { type Day, dayFrom, daysFrom, yearOf } from './day.js';
import type { HolidayNotice } from './work-calendar.js';

/** Something in a notice's file that cannot be so. `where`: the day or line it stands at. */
export interface NoticeFault {
  where: string;
  reason: string;
}

export type ReadNotices = { notices: HolidayNotice[]; faults: [] } | { notices: []; faults: NoticeFault[] };

/** One statement of a file about one day. */
interface Statement {
  where: string;
  day: string;
  off: boolean;
}

/** Days may lie in the December before the notice's year: a New Year that begins early. */
const belongsTo = (day: Day, year: number): boolean => yearOf(day) === year || day.startsWith(`${year - 1}-12-`);

/**
 * The notices that a file tells of. Forms: `{year, days:[{date, isOffDay}]}`, one or a list of them; `{holidays:{date:…},
 * workdays:{date:…}}`; iCalendar, whose entries say 休 or 假, or 班. [WD5] A file with a fault is refused as a whole.
 */
export function readNotices(text: string): ReadNotices {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed.startsWith('BEGIN:VCALENDAR')) return fromCalendar(trimmed);
  let json: unknown;
  try {
    json = JSON.parse(trimmed);
  } catch {
    return refused([{ where: '文件', reason: '既不是 JSON，也不是 iCalendar（.ics）' }]);
  }
  return fromJson(json);
}

function fromJson(json: unknown): ReadNotices {
  if (isRecord(json) && isRecord(json.holidays)) {
    const { holidays, workdays } = json;
    return byYear([
      ...Object.keys(holidays).map((day) => ({ where: day, day, off: true })),
      ...Object.keys(isRecord(workdays) ? workdays : {}).map((day) => ({ where: day, day, off: false })),
    ]);
  }
  const years = Array.isArray(json) ? json : [json];
  const faults: NoticeFault[] = [];
  const notices: HolidayNotice[] = [];
  for (const [index, entry] of years.entries()) {
    const read = fromYear(entry, years.length > 1 ? `第 ${index + 1} 份` : '文件');
    faults.push(...read.faults);
    notices.push(...read.notices);
  }
  const repeated = notices.find(({ year }, index) => notices.findIndex((other) => other.year === year) < index);
  if (repeated) faults.push({ where: String(repeated.year), reason: '同一年份出现两次' });
  return faults.length > 0 ? refused(faults) : { notices, faults: [] };
}

function fromYear(entry: unknown, where: string): { notices: HolidayNotice[]; faults: NoticeFault[] } {
  if (!isRecord(entry) || !Array.isArray(entry.days)) {
    return { notices: [], faults: [{ where, reason: '应有 year 和 days，或 holidays 和 workdays' }] };
  }
  const { year } = entry;
  if (!Number.isInteger(year) || (year as number) < 1950 || (year as number) > 2199) {
    return { notices: [], faults: [{ where, reason: 'year 应为 1950 至 2199 之间的年份' }] };
  }
  // A year's file may stand empty until the notice is out: it says nothing.
  if (entry.days.length === 0)
    return { notices: [], faults: [{ where: String(year), reason: '这一年还没有任何日期' }] };
  const statements = entry.days.map((day: unknown, index): Statement | NoticeFault => {
    const at = `${String(year)} 年第 ${index + 1} 项`;
    return isRecord(day) && typeof day.date === 'string' && typeof day.isOffDay === 'boolean'
      ? { where: day.date, day: day.date, off: day.isOffDay }
      : { where: at, reason: '应有 date 和 isOffDay' };
  });
  const wrong = statements.filter((one): one is NoticeFault => 'reason' in one);
  if (wrong.length > 0) return { notices: [], faults: wrong };
  return oneYear(year as number, statements as Statement[]);
}

function fromCalendar(text: string): ReadNotices {
  // Long lines are folded: the rest begins with a blank.
  const lines = text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const statements: Statement[] = [];
  const faults: NoticeFault[] = [];
  let entry: { from?: string; until?: string; words: string } | null = null;
  for (const [index, line] of lines.entries()) {
    const [, name, value] = /^([A-Z-]+)(?:;[^:]*)?:(.*)$/.exec(line) ?? [];
    if (name === 'BEGIN' && value === 'VEVENT') entry = { words: '' };
    else if (!entry) continue;
    else if (name === 'DTSTART') entry.from = value!.slice(0, 8);
    else if (name === 'DTEND') entry.until = value!.slice(0, 8);
    else if (name === 'SUMMARY' || name === 'X-APPLE-SPECIAL-DAY') entry.words += ` ${value}`;
    else if (name === 'END' && value === 'VEVENT') {
      const where = `第 ${index + 1} 行`;
      const from = isoOf(entry.from);
      const off = offFrom(entry.words);
      if (from === undefined) faults.push({ where, reason: '日程没有起始日期' });
      else if (off === undefined) faults.push({ where, reason: '看不出是放假还是上班：应写明“休”“假”或“班”' });
      // An iCalendar end is the day after the last.
      else for (const day of lastOf(from, isoOf(entry.until))) statements.push({ where: day, day, off });
      entry = null;
    }
  }
  if (faults.length > 0) return refused(faults);
  return byYear(statements);
}

const isoOf = (digits: string | undefined): string | undefined =>
  digits !== undefined && /^\d{8}$/.test(digits)
    ? dayFrom(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`)
    : undefined;

function* lastOf(from: Day, until: Day | undefined): Iterable<Day> {
  if (until === undefined || until <= from) yield from;
  else for (const day of daysFrom(from, until)) if (day < until) yield day;
}

function offFrom(words: string): boolean | undefined {
  if (/班|ALTERNATE-WORKDAY/.test(words)) return false;
  return /休|假|WORK-HOLIDAY/.test(words) ? true : undefined;
}

/** A file that names no year: each day belongs to its own. */
function byYear(statements: readonly Statement[]): ReadNotices {
  const faults: NoticeFault[] = statements
    .filter(({ day }) => dayFrom(day) === undefined)
    .map(({ where }) => ({ where, reason: '没有这一天' }));
  if (statements.length === 0) faults.push({ where: '文件', reason: '没有任何日期' });
  if (faults.length > 0) return refused(faults);
  const years = [...new Set(statements.map(({ day }) => yearOf(day)))].sort();
  const read = years.map((year) =>
    oneYear(
      year,
      statements.filter(({ day }) => yearOf(day) === year),
    ),
  );
  const all = read.flatMap((one) => one.faults);
  return all.length > 0 ? refused(all) : { notices: read.flatMap(({ notices }) => notices), faults: [] };
}

function oneYear(year: number, statements: readonly Statement[]): { notices: HolidayNotice[]; faults: NoticeFault[] } {
  const faults: NoticeFault[] = [];
  const said = new Map<Day, boolean>();
  for (const { where, day, off } of statements) {
    if (dayFrom(day) === undefined) faults.push({ where, reason: '没有这一天' });
    else if (!belongsTo(day, year)) faults.push({ where, reason: `不属于 ${year} 年` });
    else if (said.has(day)) {
      faults.push({ where, reason: said.get(day) === off ? '同一天出现两次' : '同一天既放假又上班' });
    } else said.set(day, off);
  }
  const off = [...said].filter(([, free]) => free).map(([day]) => day);
  if (faults.length === 0 && off.length === 0) faults.push({ where: String(year), reason: '没有放假的日子' });
  const work = [...said].filter(([, free]) => !free).map(([day]) => day);
  return { notices: faults.length > 0 ? [] : [{ year, off: off.sort(), work: work.sort() }], faults };
}

const refused = (faults: NoticeFault[]): ReadNotices => ({ notices: [], faults });
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import { type Day, dayFrom, dayOf, yearOf } from './day.js';
import { isKnownYear } from './known-years.js';

/** An entry of an iCalendar file: the days that it spans, first and last, and what it says of them. */
export interface CalendarEntry {
  /** The line that it begins at. */
  where: string;
  from: Day;
  to: Day;
  words: string;
}

export interface CalendarEntries {
  entries: CalendarEntry[];
  faults: { where: string; reason: string }[];
}

/** A value and what is said about it: `;VALUE=DATE`, `;TZID=Asia/Shanghai`. */
interface Stamp {
  value: string;
  parameters: string;
}

/** Fields of an entry that is being read. */
interface Fields {
  line: number;
  words: string[];
  start?: Stamp;
  end?: Stamp;
  duration?: string;
  repeats: boolean;
}

const PROPERTY = /^([A-Z0-9-]+)((?:;(?:"[^"]*"|[^":])*)?):(.*)$/i;

/** The entries of an iCalendar text, each as the days in China that it spans. */
export function readCalendarEntries(text: string): CalendarEntries {
  const read: CalendarEntries = { entries: [], faults: [] };
  let open: Fields | null = null;
  /** Parts of an entry that speak for themselves, an alarm for one. */
  let within = 0;
  for (const [line, content] of unfolded(text)) {
    const [, property = '', parameters = '', value = ''] = PROPERTY.exec(content) ?? [];
    const name = property.toUpperCase();
    const isEntry = /^VEVENT\s*$/i.test(value);
    if (name === 'BEGIN' && isEntry) [open, within] = [{ line, words: [], repeats: false }, 0];
    else if (!open) continue;
    else if (name === 'BEGIN') within += 1;
    else if (name === 'END' && isEntry) {
      take(open, read);
      open = null;
    } else if (name === 'END') within -= 1;
    else if (within === 0) note(open, name, { value, parameters });
  }
  if (open) read.faults.push({ where: `第 ${open.line} 行`, reason: '日程没有写完' });
  return read;
}

function note(open: Fields, name: string, stamp: Stamp): void {
  if (name === 'DTSTART') open.start = stamp;
  else if (name === 'DTEND') open.end = stamp;
  else if (name === 'DURATION') open.duration = stamp.value;
  else if (name === 'RRULE' || name === 'RDATE') open.repeats = true;
  else if (name === 'SUMMARY' || name === 'X-APPLE-SPECIAL-DAY') open.words.push(stamp.value);
}

/** Long lines are folded: the rest begins with a blank. Each with the number of its first line. */
function unfolded(text: string): [line: number, content: string][] {
  const lines: [number, string][] = [];
  for (const [index, line] of text.split(/\r\n?|\n/).entries()) {
    const last = lines.at(-1);
    if (last && /^[ \t]/.test(line)) last[1] += line.slice(1);
    else lines.push([index + 1, line]);
  }
  return lines;
}

function take(fields: Fields, read: CalendarEntries): void {
  const where = `第 ${fields.line} 行`;
  const { start, end, repeats, words } = fields;
  const from = momentOf(start);
  const to = from === undefined ? undefined : lastDay(from, fields);
  if (repeats) read.faults.push({ where, reason: '不接受重复的日程，请逐日写明' });
  else if (isElsewhere(start) || isElsewhere(end)) {
    read.faults.push({ where, reason: '日程的时间须为中国时间（TZID=Asia/Shanghai）或 UTC' });
  } else if (from === undefined) read.faults.push({ where, reason: '日程没有起始日期，或没有这一天' });
  else if (to === undefined) read.faults.push({ where, reason: '日程的结束日期不对' });
  else read.entries.push({ where, from: dayOf(from), to, words: words.join(' ') });
}

/** The last day: an end at 0:00, as that of whole days is, belongs to the day before. `undefined`: no such end. */
function lastDay(from: number, { end, duration }: Fields): Day | undefined {
  const until = end === undefined ? from + (duration === undefined ? 0 : lengthOf(duration)) : momentOf(end);
  if (until === undefined || !(until >= from)) return undefined;
  return dayOf(until === from ? from : until - 1);
}

/** ms; `NaN`: none that a holiday could have. */
function lengthOf(duration: string): number {
  const [, count, unit] = /^P([1-9]\d{0,2})([DW])$/.exec(duration) ?? [];
  return Number(count) * (unit === 'W' ? 7 : 1) * DAY_MS;
}

const DAY_MS = 24 * 3_600_000;
const STAMP = /^(\d{4})(\d{2})(\d{2})(?:T([01]\d|2[0-3])([0-5]\d)([0-5]\d)(Z?))?$/;

/** As calendars name the time of China; what names no zone is meant for where it is read. */
const CHINA = ['Asia/Shanghai', 'Asia/Chongqing', 'Asia/Harbin', 'PRC', 'China Standard Time'];

function isElsewhere(stamp: Stamp | undefined): boolean {
  const [, quoted, plain] = /;TZID=(?:"([^"]*)"|([^;]*))/i.exec(stamp?.parameters ?? '') ?? [];
  const zone = quoted ?? plain;
  return zone !== undefined && !CHINA.includes(zone.replace(/^\//, ''));
}

/** ms UTC; of a day when it begins in China. `undefined`: there is no such day, or time. */
function momentOf(stamp: Stamp | undefined): number | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', zulu] = STAMP.exec(stamp?.value ?? '') ?? [];
  const written = day === undefined ? undefined : dayFrom(`${year}-${month}-${day}`);
  if (written === undefined || !isKnownYear(yearOf(written))) return undefined;
  return Date.parse(`${written}T${hour}:${minute}:${second}${zulu ? 'Z' : '+08:00'}`);
}

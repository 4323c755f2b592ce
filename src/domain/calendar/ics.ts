import { type Day, dayFrom, plusDays, yearOf } from './day.js';
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

/** Fields of an entry that is being read. */
interface Fields {
  line: number;
  words: string[];
  start?: string;
  end?: string;
  duration?: string;
  repeats: boolean;
}

const PROPERTY = /^([A-Z-]+)(?:;[^:]*)?:(.*)$/i;

/** The entries of an iCalendar text that span whole days. */
export function readCalendarEntries(text: string): CalendarEntries {
  const read: CalendarEntries = { entries: [], faults: [] };
  let open: Fields | null = null;
  for (const [line, content] of unfolded(text)) {
    const [, property = '', value = ''] = PROPERTY.exec(content) ?? [];
    const name = property.toUpperCase();
    if (name === 'BEGIN' && /^VEVENT$/i.test(value)) open = { line, words: [], repeats: false };
    else if (!open) continue;
    else if (name === 'DTSTART') open.start = value;
    else if (name === 'DTEND') open.end = value;
    else if (name === 'DURATION') open.duration = value;
    else if (name === 'RRULE' || name === 'RDATE') open.repeats = true;
    else if (name === 'SUMMARY' || name === 'X-APPLE-SPECIAL-DAY') open.words.push(value);
    else if (name === 'END' && /^VEVENT$/i.test(value)) {
      take(open, read);
      open = null;
    }
  }
  if (open) read.faults.push({ where: `第 ${open.line} 行`, reason: '日程没有写完' });
  return read;
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
  const from = dayOfStamp(fields.start);
  const to = from && lastDay(from, fields);
  if (fields.repeats) read.faults.push({ where, reason: '不接受重复的日程，请逐日写明' });
  else if (from === undefined) read.faults.push({ where, reason: '日程没有起始日期，或没有这一天' });
  else if (to === undefined) read.faults.push({ where, reason: '日程的结束日期不对' });
  else read.entries.push({ where, from, to, words: fields.words.join(' ') });
}

/** An iCalendar end is the day after the last. `undefined`: no such end. */
function lastDay(from: Day, { end, duration }: Fields): Day | undefined {
  if (end !== undefined) {
    const until = dayOfStamp(end);
    if (until === undefined || until < from) return undefined;
    return until === from ? from : plusDays(until, -1);
  }
  if (duration === undefined) return from;
  const [, count, unit] = /^P(\d{1,3})([DW])$/.exec(duration) ?? [];
  const days = Number(count) * (unit === 'W' ? 7 : 1);
  return days >= 1 ? plusDays(from, days - 1) : undefined;
}

function dayOfStamp(stamp: string | undefined): Day | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})(?:T\d{6}Z?)?$/.exec(stamp ?? '') ?? [];
  const found = day === undefined ? undefined : dayFrom(`${year}-${month}-${day}`);
  return found !== undefined && isKnownYear(yearOf(found)) ? found : undefined;
}

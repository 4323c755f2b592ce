import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Day, daysFrom } from '../domain/calendar/day.js';
import type { HolidayNotice } from '../domain/calendar/work-calendar.js';

/** As `config/calendar/notices.json` writes it: a day, or the first and the last of several. */
interface WrittenNotice {
  year: number;
  source: string;
  off: string[];
  work: string[];
}

/** The notices that come with the hub, each with its source. A later one is imported. */
export function knownNotices(configDir: string): (HolidayNotice & { source: string })[] {
  const written = JSON.parse(readFileSync(join(configDir, 'calendar', 'notices.json'), 'utf8')) as WrittenNotice[];
  return written.map(({ year, source, off, work }) => ({
    year,
    source,
    off: off.flatMap(days),
    work: work.flatMap(days),
  }));
}

function days(text: string): Day[] {
  const [from, to = from] = text.split('/');
  return [...daysFrom(from!, to!)];
}

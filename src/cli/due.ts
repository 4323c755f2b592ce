import { daysOffByLaw } from '../calendar/feasts.js';
import { knownNotices } from '../calendar/known-notices.js';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { configDirOf, environment } from '../config/settings.js';
import { dayFrom } from '../domain/calendar/day.js';
import { WorkCalendar } from '../domain/calendar/work-calendar.js';
import { runProgram, splitFlags, WrongCall } from './program.js';

const USAGE = `用法：npm run due -- 起始日 N [--days]
  起始日  YYYY-MM-DD，当日不计
  N       工作日天数（加 --days 为自然日），1 至 1000`;

await runProgram(
  async (args) => {
    const { flags, rest } = splitFlags(args, ['--days']);
    const natural = flags.has('--days');
    const [given = '', count = '', ...more] = rest;
    const start = dayFrom(given);
    const n = /^\d{1,4}$/.test(count) ? Number(count) : 0;
    if (start === undefined || n < 1 || n > 1_000 || more.length > 0) throw new WrongCall(USAGE);
    const calendar = new WorkCalendar(knownNotices(configDirOf(environment())), daysOffByLaw);
    const { day, provisional } = natural ? calendar.afterDays(start, n) : calendar.afterWorkdays(start, n);
    console.log(JSON.stringify({ due: day, provisional }));
    return 0;
  },
  [ConfigurationFault],
);

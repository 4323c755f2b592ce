import { daysOffByLaw } from '../calendar/feasts.js';
import { knownNotices } from '../calendar/known-notices.js';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { configDirOf, environment } from '../config/settings.js';
import { WorkCalendar } from '../domain/calendar/work-calendar.js';
import { dueAsked } from './due-asked.js';
import { runProgram } from './program.js';

await runProgram(
  async (args) => {
    const { start, n, natural } = dueAsked(args);
    const calendar = new WorkCalendar(knownNotices(configDirOf(environment())), daysOffByLaw);
    const { day, provisional } = natural ? calendar.afterDays(start, n) : calendar.afterWorkdays(start, n);
    console.log(JSON.stringify({ due: day, provisional }));
    return 0;
  },
  [ConfigurationFault],
);

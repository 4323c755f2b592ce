import { CityDay } from './city-day/city-day.js';
import { readOptions } from './city-day/options.js';
import { readEnvironment } from './environment.js';
import { runAtHub } from './run-at-hub.js';

/** `npm run simulate`: a seeded day of a city through the public API, with seats, units and citizens acting. */
await runAtHub(async (args, say) => {
  const environment = readEnvironment();
  const options = readOptions(args, environment);
  return {
    hub: { url: options.url, port: environment.port },
    run: async (url) => {
      const report = await new CityDay(url, options, say).run();
      return { report, mismatches: report.mismatches };
    },
    reportFile: options.report,
  };
});

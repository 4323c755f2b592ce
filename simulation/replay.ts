import { readEnvironment } from './environment.js';
import { readOptions } from './replay/options.js';
import { readRecording } from './replay/recorded-rows.js';
import { readMapping } from './replay/replay-mapping.js';
import { Replay } from './replay/replay.js';
import { runAtHub } from './run-at-hub.js';

/** `npm run replay`: recorded requests through the public API, with seats and departments acting. */
await runAtHub(async (args, say) => {
  const environment = readEnvironment();
  const options = readOptions(args, environment);
  const mapping = await readMapping(environment.configDir, options.mapping);
  const recording = await readRecording(options.file, mapping);
  if (options.limit !== null) recording.rows.splice(options.limit);
  return {
    hub: { url: options.url, port: environment.port },
    run: async (url) => {
      const report = await new Replay(url, mapping, recording, options, say).run();
      return { report, mismatches: report.mismatches };
    },
    reportFile: options.report,
  };
});

/** `npm run build`: everything that is built, the fault tester too. */
import { build, buildFaultTester, command, setUp } from './setup.mjs';

await command(async (args) => {
  await setUp({ builds: false });
  const force = args.includes('--force');
  await build({ force });
  await buildFaultTester({ force });
});

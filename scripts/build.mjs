import { build, command, setUp } from './setup.mjs';

await command(async (args) => {
  await setUp({ builds: false });
  await build({ force: args.includes('--force') });
});

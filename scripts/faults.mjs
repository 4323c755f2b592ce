/** `npm run faults`: builds the fault tester beside the hub, and hands over to it. */
import { buildFaultTester, command, handOver, setUp } from './setup.mjs';

await command(async (args) => {
  await setUp();
  await buildFaultTester();
  return handOver(['--enable-source-maps', 'dist-faults/faults/faults.js', ...args]);
});

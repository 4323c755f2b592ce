/** `npm run faults`: builds the fault tester beside the hub, and hands over to it. */
import { FOR_FAULTS, needPackages } from './packages.mjs';
import { buildFaultTester, command, handOver, setUp } from './setup.mjs';

await command(async (args) => {
  await needPackages(FOR_FAULTS, ['故障测试', 'The fault tester needs']);
  await setUp();
  await buildFaultTester();
  return handOver(['--enable-source-maps', 'dist-faults/faults/faults.js', ...args]);
});

/**
 * `npm test`: everything that tells whether the hub is right. With arguments (`npm test -- src/queues`) only those
 * specs, without the checks before them.
 */
import { check } from './check.mjs';
import { FOR_TESTS, needPackages } from './packages.mjs';
import { buildFaultTester, command, handOver, setUp, tool } from './setup.mjs';

await command(async (args) => {
  let checking = [];
  await setUp({
    meanwhile: () => {
      if (!args.length) checking = check();
    },
  });
  await buildFaultTester();
  await needPackages(FOR_TESTS, ['测试', 'The tests need']);
  const failedChecks = await checking;
  const code = await handOver([
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    tool('jest/bin/jest.js'),
    ...args,
    '--reporters=default',
    '--reporters=<rootDir>/scripts/tally.mjs',
  ]);
  if (failedChecks.length) process.stderr.write(`Failed checks: ${failedChecks.join(', ')}\n`);
  return code || (failedChecks.length ? 1 : 0);
});

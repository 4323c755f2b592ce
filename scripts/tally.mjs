/** Ends a run of the tests with one plain line, after all that Jest says. */
export default class Tally {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const parts = [`${numPassedTests} passed`, `${numFailedTests} failed`];
    if (numPendingTests) parts.push(`${numPendingTests} skipped`);
    if (numRuntimeErrorTestSuites) parts.push(`${numRuntimeErrorTestSuites} files could not run`);
    process.once('exit', () => process.stdout.write(`${parts.join(', ')}\n`));
  }
}

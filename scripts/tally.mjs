/** Ends a run of the tests with one plain line. */
export default class Tally {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const parts = [`${numPassedTests} passed`, `${numFailedTests} failed`];
    if (numPendingTests) parts.push(`${numPendingTests} skipped`);
    if (numRuntimeErrorTestSuites) parts.push(`${numRuntimeErrorTestSuites} files could not run`);
    console.log(parts.join(', '));
  }
}

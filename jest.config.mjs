import { availableParallelism } from 'node:os';
import { profiledSpecs } from './test/support/profiled-specs.mjs';

/** Specs sit beside what they test; what crosses a boundary lies in `test/`. */
const project = {
  globalSetup: '<rootDir>/test/support/run-folder.mjs',
  testEnvironment: '<rootDir>/test/runtime/environment.cjs',
  runtime: '<rootDir>/test/runtime/runtime.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: {
    '^@minqing-hub/client-sdk$': '<rootDir>/client-sdk/src/client/index.ts',
    '^@minqing-hub/client-sdk/(.*)$': '<rootDir>/client-sdk/src/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/client-sdk/src', '<rootDir>/simulation', '<rootDir>/faults'],
  testMatch: ['**/*.spec.ts'],
};
/** `embedded`, `cluster`: that one alone; `both`: whatever has a database, on both. Without it most whole hubs run on both. */
const { TEST_PROFILE } = process.env;
const oneProfile = TEST_PROFILE === 'embedded' || TEST_PROFILE === 'cluster';
const ofWholeHubs = (path) => /^test\/(e2e|contract)\//.test(path) && !ASKED_FOR.test(path);
/**
 * Half a minute each, and the whole run has twenty: what they write is written by stores that have tests of their own on both
 * databases, or by commands as those of the others are.
 */
const ASKED_FOR =
  /\/(calendar|callbacks|counted-anew|more-time|notices|rate-limits|reorganisation|telephony|under-load|virtual-time)\.spec\.ts$/;
/** Those that run on whatever profile they are told, once more on MariaDB and Redis. */
const onCluster = {
  ...project,
  displayName: 'cluster',
  testMatch: profiledSpecs(import.meta.dirname)
    .filter((path) => TEST_PROFILE === 'both' || ofWholeHubs(path))
    .map((path) => `<rootDir>/${path}`),
  testEnvironmentOptions: { profile: 'cluster' },
};

export default {
  testSequencer: '<rootDir>/test/runtime/slowest-first.cjs',
  // Three at least: most of a spec is waiting for a hub, a browser or a disk.
  maxWorkers: Math.max(3, Math.floor(availableParallelism() / 2)),
  // More than all that a test waits for: what never comes true is named by `until`, not by Jest.
  testTimeout: 180_000,
  ...(oneProfile ? project : { projects: [{ ...project, displayName: 'embedded' }, onCluster] }),
};

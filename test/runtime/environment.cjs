const { ModuleMocker } = require('jest-mock');

/**
 * Where a spec file runs: in its worker's own world and not in a copy of it, so that packages can be the same for all.
 * What Jest changes in that world for one file is put back after it.
 */
class Environment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  #console = globalThis.console;
  #exit = process.exit;
  #runProfile = process.env.TEST_PROFILE;
  #profile;

  /** `testEnvironmentOptions.profile`: which profile the spec's hubs and stores are of, if not the run's. */
  constructor({ projectConfig }) {
    this.#profile = projectConfig.testEnvironmentOptions.profile;
  }

  async setup() {
    if (this.#profile) process.env.TEST_PROFILE = this.#profile;
  }

  async teardown() {
    if (this.#profile) Object.assign(process.env, { TEST_PROFILE: this.#runProfile ?? '' });
    globalThis.console = this.#console;
    process.exit = this.#exit;
  }

  /** There is none: nothing runs in a context of its own. */
  getVmContext() {
    return null;
  }
}

module.exports = Environment;

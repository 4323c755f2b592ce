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

  async setup() {}

  async teardown() {
    globalThis.console = this.#console;
    process.exit = this.#exit;
  }

  /** There is none: nothing runs in a context of its own. */
  getVmContext() {
    return null;
  }
}

module.exports = Environment;

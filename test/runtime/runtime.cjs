const { createRequire } = require('node:module');
const { default: JestRuntime } = require('jest-runtime');
const { OwnModules } = require('./own-modules.cjs');

/** Under this name Jest's framework keeps who hears its events: those of one spec file, and not of the next. */
const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');

/** How Jest loads a spec file and what it imports (docs/adr/0010): what is ours anew for each file, packages once for all. */
class Runtime extends JestRuntime {
  #own;

  constructor(config, environment, resolver, transformer, ...rest) {
    super(config, environment, resolver, transformer, ...rest);
    this.#own = new OwnModules(resolver, transformer);
  }

  unstable_importModule(path) {
    return this.#own.import(path);
  }

  /** Jest's framework: as Node loads it, but anew for each spec file, because its state is in its module. */
  requireInternalModule(from, to) {
    if (to) return createRequire(from)(to);
    delete globalThis[EVENT_HANDLERS];
    delete require.cache[from];
    return require(from);
  }

  setGlobalsForRuntime(globals) {
    super.setGlobalsForRuntime(globals);
    this.#own.globals = globals;
  }

  getSourceMaps() {
    return this.#own.sourceMaps;
  }

  teardown() {
    super.teardown();
    this.#own.forget();
  }
}

module.exports = { __esModule: true, default: Runtime };

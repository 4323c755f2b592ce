const { readFileSync } = require('node:fs');
const { isBuiltin } = require('node:module');
const { dirname } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { SourceTextModule, SyntheticModule } = require('node:vm');

const OUR_SOURCES = '.ts';
/** What a spec file has for itself: specs, and helpers that keep something for the file that they serve. */
const OF_ONE_FILE = /\.spec\.ts$|[\\/]test[\\/]/;
/** What of a module Node does by itself, and the transformer leaves. */
const TRANSFORM = {
  supportsDynamicImport: true,
  supportsExportNamespaceFrom: true,
  supportsStaticESM: true,
  supportsTopLevelAwait: true,
};
const RESOLVE = { conditions: ['node', 'import', 'default'] };

/** Of the worker, for all its spec files: where what lies, our sources as JavaScript with their maps, what is under test, and packages. */
const paths = new Map();
const scripts = new Map();
const sourceMaps = new Map();
const underTest = new Map();
const packages = new Map();

/** The modules of one spec file: specs and their helpers evaluated for it, linked to what the worker has loaded once. */
class OwnModules {
  /** `describe`, `it`, `expect` and so on, of this spec file. */
  globals = {};
  /** Path of a source → path of its map. */
  sourceMaps = sourceMaps;
  #modules = new Map();

  constructor(resolver, transformer) {
    this.resolver = resolver;
    this.transformer = transformer;
  }

  async import(path) {
    const module = await this.#evaluated(await this.#source(path));
    return module.namespace;
  }

  forget() {
    this.#modules.clear();
    this.globals = {};
  }

  async #evaluated(module) {
    if (module.status === 'unlinked') await module.link((specifier, from) => this.#find(specifier, from.identifier));
    await module.evaluate();
    return module;
  }

  #find(specifier, from) {
    if (specifier === '@jest/globals') return synthetic(specifier, this.globals);
    if (isBuiltin(specifier)) return packageAt(specifier);
    const path = this.#resolve(specifier, from);
    return path.endsWith(OUR_SOURCES) ? this.#source(path) : packageAt(pathToFileURL(path).href);
  }

  #resolve(specifier, from) {
    if (specifier.startsWith('file:')) return fileURLToPath(specifier);
    const key = `${dirname(from)}\0${specifier}`;
    let path = paths.get(key);
    if (!path) paths.set(key, (path = this.resolver.resolveModule(from, specifier, RESOLVE)));
    return path;
  }

  /** A promise of it, kept at once: who imports it meanwhile gets the same. */
  #source(path) {
    const modules = OF_ONE_FILE.test(path) ? this.#modules : underTest;
    let module = modules.get(path);
    if (!module) modules.set(path, (module = this.#compile(path)));
    return module;
  }

  async #compile(path) {
    const { code, sourceMapPath } = await this.#script(path);
    if (sourceMapPath) sourceMaps.set(path, sourceMapPath);
    return new SourceTextModule(code, {
      identifier: path,
      initializeImportMeta: (meta) => {
        meta.url = pathToFileURL(path).href;
      },
      importModuleDynamically: async (specifier) => this.#evaluated(await this.#find(specifier, path)),
    });
  }

  #script(path) {
    let script = scripts.get(path);
    if (!script) {
      scripts.set(path, (script = this.transformer.transformAsync(path, TRANSFORM, readFileSync(path, 'utf8'))));
    }
    return script;
  }
}

/** Loaded by Node itself, as in the hub. */
function packageAt(url) {
  let module = packages.get(url);
  if (!module) packages.set(url, (module = import(url).then((exports) => synthetic(url, exports))));
  return module;
}

function synthetic(identifier, exports) {
  const names = Object.keys(exports);
  return new SyntheticModule(
    names,
    function () {
      for (const name of names) this.setExport(name, exports[name]);
    },
    { identifier },
  );
}

module.exports = { OwnModules };

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';

type Body = (exports: unknown, require: NodeJS.Require, module: object, file: string, folder: string) => void;

/** What Node does with the text of a module; its types do not tell of it. */
const Compiled = Module as unknown as new (file: string) => { _compile(text: string, file: string): void };

/**
 * Runs files of CommonJS and keeps beside them what V8 has compiled of them, function by function, for the next start: half
 * of a start was compiling what the one before it had compiled, too (docs/adr/0012).
 */
export class KeptCode {
  private readonly modules = new Map<string, { exports: unknown }>();
  private readonly unkept: { file: string; script: Script }[] = [];
  private readonly mapped: object[] = [];

  /** What the file exports. Files that it requires by a relative path are run in the same way, all others by Node. */
  run(file: string): unknown {
    const known = this.modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    this.modules.set(file, module);
    const folder = dirname(file);
    const node = createRequire(file);
    const require = Object.assign(
      (id: string): unknown => (id.startsWith('.') ? this.run(resolve(folder, id)) : node(id)),
      node,
    ) as NodeJS.Require;
    const body = this.script(file).runInThisContext() as Body;
    body.call(module.exports, module.exports, require, module, file, folder);
    return module.exports;
  }

  /** Keeps what has been compiled of files of which nothing fit was kept. Where nothing can be written, all stays as it is. */
  keep(): void {
    for (const { file, script } of this.unkept.splice(0)) {
      const unfinished = `${file}.${process.pid}`;
      try {
        writeFileSync(unfinished, script.createCachedData());
        renameSync(unfinished, keptOf(file));
      } catch {
        return;
      }
    }
  }

  private script(file: string): Script {
    const text = readFileSync(file, 'utf8');
    const cachedData = existsSync(keptOf(file)) ? readFileSync(keptOf(file)) : undefined;
    const script = new Script(Module.wrap(text), { filename: file, cachedData });
    if (script.cachedDataRejected !== false) this.unkept.push({ file, script });
    this.map(file, text);
    return script;
  }

  /** Node reads the maps of files that it compiled itself: it is given one that is empty but for the name of the map. */
  private map(file: string, text: string): void {
    const [name] = /\n\/\/# sourceMappingURL=.*\s*$/.exec(text) ?? [];
    if (name === undefined) return;
    const empty = new Compiled(file);
    empty._compile(name, file);
    this.mapped.push(empty);
  }
}

/** Of this V8 with these flags on such a processor: it would refuse what another one has compiled. */
const keptOf = (file: string): string => `${file}.${cachedDataVersionTag()}`;

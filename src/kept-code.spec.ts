import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { KeptCode } from './kept-code.js';

describe('code that is kept for the next start', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-kept-code-'));
    file('main.cjs', `const { path, twice } = require('./part.cjs'); exports.said = twice(path.join('a', 'b'));`);
    file(
      'part.cjs',
      `exports.main = require('./main.cjs'); exports.path = require('node:path'); exports.twice = (s) => s + s;`,
    );
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const kept = (): string[] => readdirSync(folder).filter((name) => !name.endsWith('.cjs'));
  const start = (): { code: KeptCode; exports: unknown } => {
    const code = new KeptCode();
    return { code, exports: code.run(join(folder, 'main.cjs')) };
  };

  it('runs files, those that they require, and those that require each other', () => {
    expect(start().exports).toEqual({ said: 'a/ba/b' });
  });

  it('is written once for each file, and run from then on', () => {
    start().code.keep();
    const names = kept();
    expect(names).toHaveLength(2);

    const again = start();
    expect(again.exports).toEqual({ said: 'a/ba/b' });
    for (const name of names) rmSync(join(folder, name));
    again.code.keep();
    expect(kept()).toEqual([]);
  });

  it('that is damaged is compiled again, and kept', () => {
    // What this process has compiled already it would not look up.
    file('other.cjs', `exports.said = 'damaged';`);
    const name = `other.cjs.${cachedDataVersionTag()}`;
    file(name, 'nonsense');
    const code = new KeptCode();
    expect(code.run(join(folder, 'other.cjs'))).toEqual({ said: 'damaged' });
    rmSync(join(folder, name));
    code.keep();
    expect(kept()).toEqual([name]);
  });

  it('is missed by nobody where nothing can be written', () => {
    const { code } = start();
    rmSync(folder, { recursive: true });
    expect(() => code.keep()).not.toThrow();
  });

  it('names its sources in stack traces, where Node is to', () => {
    file('main.cjs', `exports.fail = () => {\n  throw new Error('no');\n};\n//# sourceMappingURL=main.cjs.map\n`);
    const map = { version: 3, sources: ['main.ts'], names: [], mappings: 'AAAA;AACA;AACA' };
    file('main.cjs.map', JSON.stringify(map));
    process.setSourceMapsEnabled(true);
    try {
      const { fail } = start().exports as { fail: () => void };
      expect(fail).toThrow(expect.objectContaining({ stack: expect.stringContaining('main.ts:2') as string }) as Error);
    } finally {
      process.setSourceMapsEnabled(false);
    }
  });
});

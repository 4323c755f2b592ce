import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUG_NAMES } from '../../faults/planted/names.js';

/** Every file of a folder that a build may have made, or a source. */
function filesIn(folder: string, fits: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && fits.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('planted bugs', () => {
  it('are in nothing that is built for everybody, and nothing there imports the fault tester', () => {
    const built = [...filesIn('dist', /\.c?js$/), ...filesIn('client-sdk/dist', /\.js$/)];
    // The hub itself is among them, whatever its build calls its files.
    const hub = built.filter((file) => file.endsWith('.cjs'));
    expect(hub.some((file) => readFileSync(file, 'utf8').includes('lookForStragglers'))).toBe(true);
    const sources = ['src', 'client-sdk/src', 'console/src', 'simulation'].flatMap((folder) =>
      filesIn(folder, /\.(ts|vue)$/),
    );
    expect(built.length).toBeGreaterThan(50);
    expect(sources.length).toBeGreaterThan(100);
    expect(existsSync('dist/faults')).toBe(false);
    const touching = [...built, ...sources].filter((file) => {
      const text = readFileSync(file, 'utf8');
      return (
        /from\s+['"][^'"]*\bfaults\/|plantIn|planted\//.test(text) ||
        new RegExp(`['"](${BUG_NAMES.join('|')})['"]`).test(text)
      );
    });
    expect(touching).toEqual([]);
  });

  it('are at least 25, and the server’s build takes no sources of the tester', () => {
    expect(BUG_NAMES.length).toBeGreaterThanOrEqual(25);
    const setup = readFileSync('scripts/setup.mjs', 'utf8');
    const [programs, kept] = ['PROGRAMS', 'KEPT_PROGRAMS'].map(
      (name) => new RegExp(`const ${name} = \\[([^;]*)\\];`).exec(setup)![1]!,
    );
    expect(programs).toContain("'src/main'");
    expect(kept).toContain("'src/serve'");
    for (const list of [programs, kept]) expect(list).not.toContain('faults');
  });
});

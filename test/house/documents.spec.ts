import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { exists, filesOf, NOT_OURS, ROOT, textOf } from './repository.js';

const documents = ['README.md', 'CONTRIBUTING.md', 'client-sdk/README.md', ...filesOf('docs', '.md')];

/** Targets of links and pictures that lie in the repository, as paths from its root. */
const linksOf = (path: string) =>
  [...textOf(path).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1]!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => normalize(join(dirname(path), target)));

const foldersIn = (path: string) =>
  readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && filesOf(join(path, entry.name)).length > 0)
    .map((entry) => entry.name);

/** Names of folders in a picture of the tree: `deadlines/   clocks, alarms`. */
function treeOf(path: string): { root: string[]; src: string[] } {
  const picture = /```\n(config\/[\s\S]*?)```/.exec(textOf(path))![1]!;
  const names = (lines: RegExp) => [...picture.matchAll(lines)].map((match) => match[1]!);
  return { root: names(/^([a-z-]+)\/ /gm), src: names(/^ {2}([a-z-]+)\/ /gm) };
}

describe('the documents', () => {
  it.each(documents)('%s links to nothing that is not there', (path) => {
    expect(linksOf(path).filter((target) => !exists(target))).toEqual([]);
  });

  it.each(['README.md', 'docs/architecture.md'])('%s shows the tree as it is', (path) => {
    const { root, src } = treeOf(path);
    const ours = foldersIn('.').filter((name) => !name.startsWith('.') && !NOT_OURS.has(name));
    expect([...root, 'src'].sort()).toEqual(ours.sort());
    expect(src.sort()).toEqual(foldersIn('src').sort());
  });

  it('name every command of the checkout, and no other', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const told = [...textOf('README.md').matchAll(/npm run ([a-z-]+)|npm (start|test)/g)].map((m) => m[1] ?? m[2]!);
    expect(told.filter((name) => !(name in scripts))).toEqual([]);
    // Only for those who work on the sources; CONTRIBUTING need not tell of `jest` either.
    const inner = ['jest'];
    expect(Object.keys(scripts).filter((name) => !inner.includes(name) && !told.includes(name))).toEqual([]);
  });

  it('keep every identifier of the glossary in use', () => {
    const code = ['src', 'client-sdk/src', 'console/src']
      .flatMap((folder) => filesOf(folder, '.ts', '.vue'))
      .map(textOf)
      .join('\n');
    const words = new Set(code.match(/\w+/g));
    const inUse = textOf('docs/glossary.md').split('## Kept for')[0]!;
    const identifiers = [...inUse.matchAll(/^\|[^|]+\|([^|]+)\|/gm)].flatMap((row) =>
      [...row[1]!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!),
    );
    expect(identifiers.length).toBeGreaterThan(50);
    expect(identifiers.filter((name) => !words.has(name))).toEqual([]);
  });

  it.each(filesOf('docs/adr', '.md'))(
    '%s tells background, decision and consequences, under its own number',
    (path) => {
      const number = Number(/\/(\d{4})-[a-z-]+\.md$/.exec(path)![1]);
      expect(textOf(path)).toMatch(
        new RegExp(`^# ${number}\\. .+\\n\\n## Background\\n[^]+\\n## Decision\\n[^]+\\n## Consequences\\n`),
      );
    },
  );
});

describe('the repository', () => {
  /** Paths of somebody's machine, and the traces of how a text came to be. */
  const FORBIDDEN: [string, RegExp][] = [
    ['a path of one machine', /\/(work|root|home)\/[a-z.]/],
    ['a temporary path', /(?<!os\.)\/tmp\/[a-z]/],
    ['unfinished business', /\b(TODO|FIXME|XXX|HACK)\b|'not built'/],
    ['a conversation', /\b(as requested|the brief|as an AI|language model|this session)\b/i],
    ['somebody’s registry', /"resolved": "https?:/],
  ];
  const texts = filesOf('.', '.ts', '.vue', '.mjs', '.cjs', '.md', '.json', '.yaml', '.html', '.css', '.csv').filter(
    (path) => path !== 'test/house/documents.spec.ts',
  );

  it.each(FORBIDDEN)('holds no %s', (_what, pattern) => {
    const found = texts.filter((path) => pattern.test(textOf(path)));
    expect(found).toEqual([]);
  });
});

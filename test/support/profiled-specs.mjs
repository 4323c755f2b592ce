/**
 * The spec files that run on the profile they are told, and so on both: those that get a hub or a store from what is in
 * this folder and name no profile themselves (`onEachDatabase`, `onEachProfile`, `profile: 'cluster'`), nor open a file of
 * SQLite.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const SUPPORT = 'test/support';
/** Where specs lie that cross the boundary to a database, alone or as part of a hub. */
const FOLDERS = ['src', 'test/e2e', 'test/contract', 'test/simulation'];
const NAMES_ONE = /onEachDatabase\(|onEachProfile\(|openTestStore\('|profile: '|from 'better-sqlite3'|openSqlite/;
const IMPORT = /from '(?:\.\.?\/)+(?:(?:test\/)?support\/)?([\w-]+)\.js'/g;

/** Paths from `root`. */
export function profiledSpecs(root) {
  const texts = new Map(
    readdirSync(join(root, SUPPORT))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [basename(name, '.ts'), readFileSync(join(root, SUPPORT, name), 'utf8')]),
  );
  const importsOf = (text) => [...text.matchAll(IMPORT)].map(([, name]) => name);
  const leadsToProfile = (name, seen = new Set()) => {
    if (name === 'profile') return true;
    if (seen.has(name) || !texts.has(name)) return false;
    seen.add(name);
    return importsOf(texts.get(name)).some((next) => leadsToProfile(next, seen));
  };
  return FOLDERS.flatMap((folder) => specsIn(root, folder)).filter((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const supports = [...text.matchAll(/support\/([\w-]+)\.js'/g)].map(([, name]) => name);
    return supports.some((name) => leadsToProfile(name)) && !NAMES_ONE.test(text);
  });
}

const specsIn = (root, folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => join(folder, name));

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');

/** Folders at the root that npm, builds, tests and the hub make. */
export const NOT_OURS = new Set([
  'node_modules',
  'dist',
  'dist-preview',
  'dist-faults',
  '.git',
  'coverage',
  'data',
  'reports',
]);

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
export const exists = (path: string): boolean => existsSync(join(ROOT, path));

/** Paths from the root, with `/`, of all files below a folder whose names end so. */
export function filesOf(folder: string, ...endings: string[]): string[] {
  const found: string[] = [];
  const walk = (at: string) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (NOT_OURS.has(entry.name)) continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (endings.length === 0 || endings.some((ending) => entry.name.endsWith(ending))) {
        found.push(relative(ROOT, path).replaceAll(sep, '/'));
      }
    }
  };
  if (exists(folder)) walk(join(ROOT, folder));
  return found.sort();
}

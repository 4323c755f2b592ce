/** TypeScript to JavaScript, file by file; types are `npm run check`'s business. `node scripts/compile-server.mjs OUT [SOURCE …]` */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transformFileSync } from '@swc/core';

const SOURCES = ['src', 'simulation', 'bench', 'deploy/cluster'];
const [out, ...named] = process.argv.slice(2);

for (const source of named.length > 0 ? named : SOURCES) {
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const from = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !from.endsWith('.ts') || from.endsWith('.spec.ts')) continue;
    const to = join(out, from.replace(/\.ts$/, '.js'));
    // As seen from `dist`, where the output comes to lie: stack traces then name the source.
    const sourceFileName = relative(dirname(join('dist', from)), from);
    const { code, map } = transformFileSync(from, { swcrc: true, sourceFileName });
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, `${code}//# sourceMappingURL=${entry.name.replace(/\.ts$/, '.js.map')}\n`);
    writeFileSync(`${to}.map`, map);
  }
}

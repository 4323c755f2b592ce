/**
 * Programs of the server, each with all that it imports, in few files: Node then loads in a second what takes it three file
 * by file (docs/adr/0011). Types are `npm run check`'s business. `node scripts/compile-programs.mjs OUT SOURCE.ts … [--kept
 * SOURCE.ts …]`, the latter for `src/kept-code.ts` to run (docs/adr/0012).
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { transform } from '@swc/core';
import { rolldown } from 'rolldown';

const PACKAGES = 'packages';
/** Bytes: a smaller file of packages is joined with another one, also for programs that use but one of them. */
const SMALL = 512 * 1024;
/** What Nest would use if it were installed. */
const ABSENT = /^(@nestjs\/(microservices|websockets)|@fastify\/static)\b/;
/** It finds its compiled half beside itself. */
const COMPILED = 'better-sqlite3';

/** Decorators tell Nest, by the types of parameters, what to hand over: only this compiler writes that down as tests have it. */
const typescript = {
  name: 'swc',
  async transform(code, id) {
    if (!id.endsWith('.ts')) return undefined;
    const compiled = await transform(code, { filename: id, swcrc: true });
    return { code: compiled.code, map: compiled.map, moduleType: 'js' };
  },
};

const [out, ...args] = process.argv.slice(2);
const last = args.includes('--kept') ? args.indexOf('--kept') : args.length;
await compile(args.slice(0, last), { format: 'esm', ending: 'js' });
await compile(args.slice(last + 1), { format: 'cjs', ending: 'cjs' });

async function compile(sources, { format, ending }) {
  if (sources.length === 0) return;
  const bundle = await rolldown({
    input: Object.fromEntries(sources.map((source) => [source.replace(/\.ts$/, ''), source])),
    platform: 'node',
    external: [COMPILED, ABSENT],
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    plugins: [typescript],
    preserveEntrySignatures: 'allow-extension',
  });
  const { output } = await bundle.write({
    dir: out,
    format,
    keepNames: true,
    sourcemap: true,
    sourcemapPathTransform: asSeenFromDist,
    // `reflect-metadata` has to run before whatever is decorated.
    strictExecutionOrder: true,
    entryFileNames: `[name].${ending}`,
    chunkFileNames: ({ name }) => `parts/${name.split('~')[0]}-[hash].${ending}`,
    codeSplitting: {
      groups: [{ name: PACKAGES, test: /node_modules/, entriesAware: true, entriesAwareMergeThreshold: SMALL }],
    },
  });
  await bundle.close();

  // Node would read a map of all packages at each start; traces of what is ours are enough.
  for (const { fileName } of output) {
    if (!fileName.startsWith(`parts/${PACKAGES}`) || !fileName.endsWith(`.${ending}`)) continue;
    const file = join(out, fileName);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
    rmSync(`${file}.map`, { force: true });
  }
}

/** As seen from `dist`, where the output comes to lie: stack traces then name the source. */
function asSeenFromDist(source, map) {
  const folder = dirname(resolve(map));
  return relative(join(resolve('dist'), relative(resolve(out), folder)), resolve(folder, source));
}

/**
 * What every command of the checkout needs before it can begin: the right Node, the dependencies, a SQLite driver
 * that loads, and builds that match their sources. Plain Node, because nothing else is there yet.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const OLDEST_NODE = [20, 19, 0];

/** Ends the command with a sentence for the person who typed it, and no stack. */
export class Stop extends Error {}

/** Runs a command's main function: a `Stop` becomes its sentence and exit code 1. */
export async function command(main) {
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}

// ---- what a waiting person sees

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** A line that moves on a terminal; elsewhere a plain line at the start, at the end, and now and then between. */
export class Progress {
  /** Of several at once the first one has the terminal's line. */
  static #open = [];
  #started = Date.now();
  #frame = 0;
  #detail = '';
  #timer;

  constructor(label) {
    this.label = label;
    Progress.#open.push(this);
    const terminal = process.stderr.isTTY;
    if (!terminal) process.stderr.write(`${label} …\n`);
    this.#timer = setInterval(() => this.#show(terminal), terminal ? 120 : 20_000);
    this.#timer.unref();
  }

  detail(text) {
    this.#detail = text;
  }

  end(mark, text = '') {
    clearInterval(this.#timer);
    Progress.#open = Progress.#open.filter((other) => other !== this);
    const line = `${mark} ${this.label} (${seconds(this.#started)})${text && ` ${text}`}`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[2K${line}\n` : `${line}\n`);
  }

  #show(terminal) {
    if (terminal && Progress.#open[0] !== this) return;
    const detail = this.#detail && ` ${this.#detail}`;
    if (terminal) {
      const wheel = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'[this.#frame++ % 10];
      process.stderr.write(`\r\x1b[2K${wheel} ${this.label}${detail} ${seconds(this.#started)}`);
    } else {
      process.stderr.write(`  ${this.label}${detail}, ${seconds(this.#started)} so far\n`);
    }
  }
}

/** Runs a program quietly; answers its exit code and what it said. `onLine` sees each line as it comes. */
export function quietly(program, args, { cwd = root, env = {}, onLine } = {}) {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (chunk) => {
      output += chunk;
      if (onLine) for (const line of String(chunk).split('\n')) onLine(line);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => done({ code: 1, output: `${output}${error.message}` }));
    child.on('close', (code) => done({ code: code ?? 1, output }));
  });
}

const NPM_CHATTER = /^npm (http fetch|warn) .*\n/gm;

/** One named step with its progress; its output is shown only when it fails. */
export async function step(label, work) {
  const progress = new Progress(label);
  const { code, output } = await work(progress);
  progress.end(code === 0 ? '✓' : '✗');
  if (code !== 0) {
    process.stderr.write(`${output.replaceAll(NPM_CHATTER, '').trimEnd()}\n`);
    throw new Stop(`Failed: ${label}`);
  }
}

/** A tool of `node_modules`, started by this same Node. */
export const tool = (path) => join(root, 'node_modules', path);
export const onPath = (name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder && existsSync(join(folder, name)));

// ---- Node, dependencies, SQLite

export function needNode() {
  const own = process.versions.node.split('.').map(Number);
  const difference = OLDEST_NODE.map((wanted, i) => own[i] - wanted).find((d) => d !== 0) ?? 0;
  if (difference < 0) {
    throw new Stop(
      `需要 Node ${OLDEST_NODE.join('.')} 或更新版本，当前是 ${process.versions.node}。请到 https://nodejs.org 安装。\n` +
        `Node ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}. Get it from https://nodejs.org.`,
    );
  }
}

const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/** True when what is installed is what the lockfile names. */
export function dependenciesStand() {
  const installed = readJson(join(root, 'node_modules/.package-lock.json'))?.packages;
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  if (!installed || !wanted) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    if (entry.link) return existsSync(join(root, path));
    // Binaries of other platforms are named in the lockfile and not installed.
    if (!installed[path]) return Boolean(entry.optional || entry.devOptional);
    return installed[path].version === entry.version;
  });
}

/** npm is a JavaScript file on every platform; npm itself says where, when it started us. */
function npm(args, options) {
  const file = process.env.npm_execpath;
  return file && /\.c?js$/.test(file)
    ? quietly(process.execPath, [file, ...args], options)
    : quietly(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}

async function installDependencies() {
  if (dependenciesStand()) return;
  const total = Object.keys(readJson(join(root, 'package-lock.json')).packages).length;
  await step('Installing dependencies', (progress) => {
    let fetched = 0;
    // The builds need the development packages, also where NODE_ENV is production.
    // Scripts of packages are left out here: the one that matters, SQLite's, has a step and a sentence of its own.
    return npm(['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=http'], {
      onLine: (line) => {
        if (!line.includes('http fetch')) return;
        fetched += 1;
        // Unpacking follows the last download, and npm says nothing about it.
        progress.detail(fetched < total * 0.9 ? `${Math.round((fetched / total) * 100)} % fetched` : 'unpacking');
      },
    });
  });
}

const sqliteLoads = () =>
  spawnSync(process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:').close()"], {
    cwd: root,
    stdio: 'ignore',
  }).status === 0;

/** Where no ready binary of the SQLite driver can be had, it compiles, once. */
async function makeSqliteLoad() {
  if (sqliteLoads()) return;
  const headers = resolve(dirname(process.execPath), '..');
  const hasHeaders = existsSync(join(headers, 'include/node/node.h'));
  const env = {
    // The compiler's last step of optimization takes half as long again, and makes SQLite some 4 % faster.
    ...{ CFLAGS: '-O2', CXXFLAGS: '-O2' },
    ...(hasHeaders && !process.env.npm_config_nodedir ? { npm_config_nodedir: headers } : {}),
  };
  const progress = new Progress('Preparing the SQLite driver');
  progress.detail('(where it must compile: about 2 minutes)');
  const { code, output } = await npm(['rebuild', 'better-sqlite3', '--foreground-scripts'], { env });
  const loads = code === 0 && sqliteLoads();
  progress.end(loads ? '✓' : '✗');
  if (loads) return;

  const missing = ['make', 'g++', 'python3'].filter((name) => !onPath(name));
  if (missing.length) {
    throw new Stop(
      `SQLite 驱动没有现成的二进制文件，需要编译，但本机缺少：${missing.join('、')}。\n` +
        `No ready binary of the SQLite driver could be had, and to compile it these are missing: ${missing.join(', ')}.\n` +
        `  Debian/Ubuntu:  apt-get update && apt-get install -y build-essential python3\n` +
        `  Fedora/RHEL:    dnf install -y make gcc-c++ python3\n` +
        `  macOS:          xcode-select --install\n` +
        `Then run the command again.`,
    );
  }
  process.stderr.write(`${output.trimEnd()}\n`);
  throw new Stop('The SQLite driver (better-sqlite3) could not be prepared; npm’s own words are above.');
}

// ---- builds

function* filesUnder(path) {
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) yield path;
  else {
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name === 'dist' || entry.name === 'node_modules') continue;
      yield* filesUnder(join(path, entry.name));
    }
  }
}

function fingerprint(sources) {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const source of ['package-lock.json', ...sources]) {
    for (const file of filesUnder(join(root, source))) {
      if (file.endsWith('.spec.ts')) continue;
      hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

const COMPILER = ['.swcrc', 'scripts/compile-programs.mjs'];
const compilePrograms = (out, programs, kept = []) => {
  const [sources, keptSources] = [programs, kept].map((names) => names.map((name) => `${name}.ts`));
  return quietly(process.execPath, ['scripts/compile-programs.mjs', out, ...sources, '--kept', ...keptSources]);
};

/** What is run of the server's sources, and of programs around it. */
const PROGRAMS = [
  'src/main',
  'src/config/node-flags',
  ...['backup', 'restore', 'verify-log', 'due', 'env-example'].map((name) => `src/cli/${name}`),
  ...['replay', 'simulate', 'simulate-month'].map((name) => `simulation/${name}`),
  ...['bench', 'crowd-process', 'tidy-on-request'].map((name) => `bench/${name}`),
  'deploy/cluster/cluster',
];
/** What `src/main` runs from code that it keeps. */
const KEPT_PROGRAMS = ['src/serve'];
const FAULT_PROGRAMS = [
  ...['faults', 'planted/main', 'readers/worker'].map((name) => `faults/${name}`),
  'test/support/log-writer',
];

/** `make(out)` builds into an empty folder that then takes the old one's place: a broken build leaves the old. */
const PARTS = [
  {
    name: 'client SDK',
    out: 'client-sdk/dist',
    sources: ['client-sdk/src', 'client-sdk/tsconfig.build.json', 'client-sdk/package.json'],
    make: (out) =>
      quietly(process.execPath, [tool('typescript/bin/tsc'), '-p', 'client-sdk/tsconfig.build.json', '--outDir', out]),
  },
  {
    name: 'server',
    out: 'dist',
    sources: ['src', 'simulation', 'bench', 'deploy/cluster', ...COMPILER],
    make: (out) => compilePrograms(out, PROGRAMS, KEPT_PROGRAMS),
  },
  {
    name: 'consoles',
    out: 'console/dist',
    sources: ['console', 'client-sdk/src'],
    make: (out) =>
      quietly(
        process.execPath,
        [tool('vite/bin/vite.js'), 'build', '--outDir', out, '--emptyOutDir', '--logLevel', 'warn'],
        {
          cwd: join(root, 'console'),
          env: { NODE_ENV: 'production' },
        },
      ),
  },
];

/** The fault tester's own tree, with hubs to plant bugs in: nothing of it is in what `npm start` builds. */
const FAULT_TESTER = {
  name: 'fault tester',
  out: 'dist-faults',
  sources: ['src', 'simulation', 'faults', 'test/support', ...COMPILER],
  make: (out) => compilePrograms(out, FAULT_PROGRAMS),
};

async function buildPart({ name, out, sources, make }, force) {
  const target = join(root, out);
  const stamp = join(target, '.build-hash');
  const wanted = fingerprint(sources);
  if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;

  await step(`Building the ${name}`, async () => {
    const fresh = join(root, 'node_modules/.cache/hub-build', out.replaceAll('/', '-'));
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
    const made = await make(fresh);
    if (made.code === 0) {
      writeFileSync(join(fresh, '.build-hash'), wanted);
      rmSync(target, { recursive: true, force: true });
      renameSync(fresh, target);
    }
    return made;
  });
}

/** Builds what is older than its sources. */
export async function build({ force = false } = {}) {
  for (const part of PARTS) await buildPart(part, force);
}

/** Builds the fault tester when it is older than its sources. */
export const buildFaultTester = ({ force = false } = {}) => alone(() => buildPart(FAULT_TESTER, force));

// ---- all of it

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

function olderThan(file, ms) {
  try {
    return Date.now() - statSync(file).mtimeMs > ms;
  } catch {
    return false;
  }
}

/** Two commands begun at once must not install into each other. */
async function alone(work) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const lock = join(tmpdir(), `minqing-hub-setup-${name}`);
  let progress;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(readJson(lock));
    if (holder ? !alive(holder) : olderThan(lock, 5_000)) rmSync(lock, { force: true });
    else {
      progress ??= new Progress(`Waiting for another command's setup (process ${holder})`);
      await new Promise((again) => setTimeout(again, 200));
    }
  }
  progress?.end('✓');
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.removeListener('exit', release);
  }
}

/**
 * Sets up whatever is missing; does nothing, in a moment, when nothing is. `meanwhile`: is begun when all stands but SQLite's
 * driver, which compiles on one of the processor's cores.
 */
export async function setUp({ builds = true, meanwhile = () => undefined } = {}) {
  needNode();
  await alone(async () => {
    await installDependencies();
    if (builds) await build();
    meanwhile();
    await makeSqliteLoad();
  });
}

/** Hands the terminal over to a program of the hub; answers its exit code. Signals reach it. */
export function handOver(args, { env = {} } = {}) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        // A terminal's Ctrl-C reaches the whole group by itself.
        if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
      });
    }
    child.on('error', (error) => done(error.errno ?? 1));
    child.on('exit', (code, signal) =>
      done(code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0)),
    );
  });
}

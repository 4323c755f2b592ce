import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { environmentWith } from '../environment.js';
import { Fault } from '../fault.js';
import { freePort } from './free-port.js';

const MAIN = 'dist/src/main.js';
const VERIFY_LOG = 'dist/src/cli/verify-log.js';
const READY_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 30;

/** A hub of the run's own, in its own process and data folder, whose time is virtual and whose policy is the rule book's. */
export class MonthHub {
  private child: ChildProcess | undefined;
  private complaints = '';

  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly env: Record<string, string>,
  ) {}

  /** It does not run yet. `redisUrl`: where its alarms lie; `null`: in its own memory. */
  static async create(configDir: string, password: string, redisUrl: string | null): Promise<MonthHub> {
    if (!existsSync(MAIN)) throw new Fault(`${resolve(MAIN)} is not built.`);
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'hub-month-'));
    await copyConfiguration(configDir, join(folder, 'config'));
    return new MonthHub(`http://127.0.0.1:${port}`, folder, {
      HUB_PORT: String(port),
      HUB_HOST: '127.0.0.1',
      HUB_DATA_DIR: join(folder, 'data'),
      HUB_HEADS_DIR: join(folder, 'data'),
      HUB_CONFIG_DIR: join(folder, 'config'),
      HUB_PROFILE: 'embedded',
      HUB_CLOCK: 'virtual',
      HUB_DEMO: '1',
      HUB_DEMO_PASSWORD: password,
      HUB_PASSWORD_COST: '14',
      HUB_LOG_LEVEL: 'error',
      HUB_ALARMS: redisUrl === null ? 'in-process' : 'bull',
      HUB_REDIS_URL: redisUrl ?? '',
      NODE_ENV: '',
    });
  }

  /** Resolves when it serves. @throws {Fault} when it does not come up. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--enable-source-maps', MAIN], {
      env: environmentWith(this.env),
      stdio: ['ignore', 'ignore', 'pipe'],
      // In a group of its own: Ctrl-C reaches it through us.
      detached: true,
    });
    this.child = child;
    child.stderr.on('data', (chunk) => (this.complaints = `${this.complaints}${String(chunk)}`.slice(-4_000)));
    const end = performance.now() + READY_WITHIN_MS;
    while (!(await this.isReady())) {
      if (child.exitCode !== null) throw new Fault(`The hub ended with ${child.exitCode}:\n${this.complaints}`);
      if (performance.now() > end) throw new Fault(`The hub did not become ready:\n${this.complaints}`);
      await new Promise((again) => setTimeout(again, LOOK_EVERY_MS));
    }
  }

  /** Without a goodbye. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** The end of what it wrote to its operator. */
  get complained(): string {
    return this.complaints.trim();
  }

  /** Whether log, orders and clocks agree, by the hub's own program; what it says otherwise. */
  verify(): string | null {
    const { status, stdout, stderr } = spawnSync(process.execPath, [VERIFY_LOG], {
      env: environmentWith(this.env),
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
    });
    return status === 0 ? null : `${stdout}${stderr}`.trim().slice(-4_000);
  }

  /** Ends it, however it stands, and takes its data away. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }

  private async isReady(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/api/health/live`, { signal: AbortSignal.timeout(5_000) });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}

/** As it is, but for the policies: those are as the rule book gives them, whatever this city has set. */
async function copyConfiguration(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  const file = join(to, 'policy.json');
  const policies = JSON.parse(await readFile(file, 'utf8')) as Record<string, { value: unknown; default: unknown }>;
  for (const policy of Object.values(policies)) policy.value = policy.default;
  await writeFile(file, JSON.stringify(policies, null, 2));
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../simulation/free-port.js';
import { environmentOf, giveBackDatabaseOf, PROFILE } from './profile.js';
import { until } from './until.js';

const MAIN = 'dist/src/main.js';
const VERIFY_LOG = 'dist/src/cli/verify-log.js';
const STARTS_WITHIN_MS = 180_000;

/** A hub in a process of its own, to be killed and started again on the same port and data. */
export class HubProcess {
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(
    readonly url: string,
    readonly dataDir: string,
    private readonly env: Record<string, string>,
  ) {}

  static async create(env: Record<string, string> = {}): Promise<HubProcess> {
    const port = await freePort();
    const dataDir = await mkdtemp(join(tmpdir(), 'hub-process-'));
    return new HubProcess(`http://127.0.0.1:${port}`, dataDir, {
      HUB_PORT: String(port),
      HUB_HOST: '127.0.0.1',
      HUB_DATA_DIR: dataDir,
      HUB_PASSWORD_COST: '14',
      HUB_LOG_LEVEL: 'error',
      ...(await environmentOf(dataDir, env.HUB_PROFILE === 'embedded' ? 'embedded' : PROFILE)),
      ...env,
    });
  }

  /** Resolves when it serves; rejects when it ends instead, with all that it said. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env.PATH, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdout.on('data', (chunk) => (this.output += String(chunk)));
    child.stderr.on('data', (chunk) => (this.output += String(chunk)));
    await until(
      'the hub to be ready',
      async () => child.exitCode !== null || (await fetch(`${this.url}/api/health/ready`)).ok,
      STARTS_WITHIN_MS,
    );
    if (child.exitCode !== null) throw new Error(`the hub ended with ${child.exitCode}: ${this.output}`);
  }

  /** Without a goodbye, as a power cut does it. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** As an operator does it. Answers the exit code. */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** What the hub's own check of its log, orders and clocks says. */
  verify(): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [VERIFY_LOG], { env: { PATH: process.env.PATH, ...this.env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    return new Promise((done) => child.once('close', (code) => done({ code, output })));
  }

  get pid(): number {
    return this.child!.pid!;
  }

  /** What it printed so far. */
  get printed(): string {
    return this.output;
  }

  async remove(): Promise<void> {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) await this.kill();
    giveBackDatabaseOf(this.dataDir);
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.child!;
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill(signal);
    return ended;
  }
}

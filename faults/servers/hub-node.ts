import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentWith } from '../../simulation/environment.js';
import { freePort } from '../../simulation/month/free-port.js';
import { Line } from '../consoles/line.js';

const VERIFY_LOG = 'dist/src/cli/verify-log.js';
const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 25;

/** What is started as a hub: the one that is built for everybody, or one with a bug planted in it. */
export interface HubProgram {
  main: string;
  args: readonly string[];
}
export const BUILT_HUB: HubProgram = { main: 'dist/src/main.js', args: [] };

/** A hub in a process of its own, on a port that it keeps, reached by consoles through a line. */
export class HubNode {
  private child: ChildProcess | undefined;
  private complaints = '';

  private constructor(
    readonly name: string,
    readonly line: Line,
    private readonly url: string,
    private readonly folder: string,
    private readonly program: HubProgram,
    private readonly env: Record<string, string>,
  ) {}

  /** It does not run yet. */
  static async create(name: string, program: HubProgram, env: Record<string, string>): Promise<HubNode> {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'hub-faults-'));
    return new HubNode(name, await Line.to(port), `http://127.0.0.1:${port}`, folder, program, {
      HUB_PORT: String(port),
      HUB_HOST: '127.0.0.1',
      HUB_DATA_DIR: folder,
      HUB_HEADS_DIR: folder,
      HUB_PASSWORD_COST: '14',
      HUB_LOG_LEVEL: 'error',
      HUB_DEMO: '1',
      NODE_ENV: '',
      ...env,
    });
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--enable-source-maps', this.program.main, ...this.program.args], {
      env: environmentWith(this.env),
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    this.child = child;
    child.stderr.on('data', (chunk) => (this.complaints = `${this.complaints}${String(chunk)}`.slice(-8_000)));
    const end = performance.now() + READY_WITHIN_MS;
    while (!(await this.serves())) {
      if (child.exitCode !== null) throw new Error(`${this.name} ended with ${child.exitCode}:\n${this.complaints}`);
      if (performance.now() > end) throw new Error(`${this.name} did not become ready:\n${this.complaints}`);
      await new Promise((again) => setTimeout(again, LOOK_EVERY_MS));
    }
  }

  async serves(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/api/health/ready`, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }

  /** Without a goodbye. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** It stands still: connections stay open, and nothing is answered. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** The end of what it wrote to its operator. */
  get complained(): string {
    return this.complaints.trim();
  }

  /** What its own look at log, orders and clocks finds wrong; the hub must have ended. */
  verify(): string | null {
    const { status, stdout, stderr } = spawnSync(process.execPath, [VERIFY_LOG], {
      env: environmentWith(this.env),
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
    });
    return status === 0 ? null : `${stdout}${stderr}`.trim().slice(-4_000);
  }

  async remove(): Promise<void> {
    this.resume();
    await this.kill();
    await this.line.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }
}

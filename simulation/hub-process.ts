import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { NODE_FLAGS } from '../src/config/node-flags.js';
import { environmentWith } from './environment.js';
import { Fault } from './fault.js';
import { setNiceness } from './niceness.js';

const VERIFY_LOG = 'dist/src/cli/verify-log.js';
const LOOK_EVERY_MS = 25;
const COMPLAINTS_KEPT = 8_000;

export interface HubProcessOptions {
  /** As a person is told of it. */
  name: string;
  /** What is run by Node, from the root of the checkout, with its arguments. */
  program: readonly string[];
  /** Above the environment of this process, without the hub's settings in it. */
  env: Record<string, string>;
  url: string;
  /** What it must answer to count as begun. */
  begun: 'live' | 'ready';
  withinMs: number;
  /** While it starts it takes what other processes leave of the processor: else hubs that share one hold each other up. */
  startsNicely?: boolean;
}

const NICENESS_AT_START = 10;

/** A hub of the run's own in a process of its own, to be started, ended in any way, and looked at when it has ended. */
export class HubProcess {
  private child: ChildProcess | undefined;
  private complaints = '';
  private asked = false;
  private fell: string | null = null;

  constructor(private readonly options: HubProcessOptions) {}

  /** Resolves when it has begun. @throws {Fault} when it does not come up. */
  async start(): Promise<void> {
    const { name, program, env, withinMs, startsNicely } = this.options;
    const child = spawn(process.execPath, [...NODE_FLAGS, ...program], {
      env: environmentWith(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      // In a group of its own: Ctrl-C reaches it through us.
      detached: true,
    });
    this.child = child;
    this.asked = false;
    if (startsNicely && child.pid) setNiceness(child.pid, NICENESS_AT_START);
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (chunk) => {
        this.complaints = `${this.complaints}${String(chunk)}`.slice(-COMPLAINTS_KEPT);
      });
    }
    const end = performance.now() + withinMs;
    while (!(await this.answers())) {
      if (child.exitCode !== null) throw new Fault(`${name} ended with ${child.exitCode}:\n${this.complaints}`);
      if (performance.now() > end) throw new Fault(`${name} did not become ready:\n${this.complaints}`);
      await new Promise((again) => setTimeout(again, LOOK_EVERY_MS));
    }
    if (startsNicely && child.pid) setNiceness(child.pid, 0);
    child.once('exit', (code, signal) => {
      if (!this.asked) this.fell ??= `${name} ended by itself (${signal ?? code}):\n${this.complained}`;
    });
  }

  /** How it ended once it had begun, if nobody ended it. */
  get endedByItself(): string | null {
    return this.fell;
  }

  /** It is there, and says that it has begun. */
  private async answers(): Promise<boolean> {
    const { url, begun } = this.options;
    try {
      const response = await fetch(`${url}/api/health/${begun}`, { signal: AbortSignal.timeout(5_000) });
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

  /** Whether log, orders and clocks agree, by the hub's own program; what it says otherwise. The hub must have ended. */
  verify(): string | null {
    const { status, stdout, stderr } = spawnSync(process.execPath, [VERIFY_LOG], {
      env: environmentWith(this.options.env),
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
    });
    return status === 0 ? null : `${stdout}${stderr}`.trim().slice(-4_000);
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    this.asked = true;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }
}

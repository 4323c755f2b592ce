import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '../../simulation/fault.js';
import type { Say } from '../../simulation/progress.js';

/** Debian keeps servers where only root's PATH looks. */
export const serverPath = (): string => `${process.env.PATH}:/usr/sbin`;

const LOOK_EVERY_MS = 50;
const ANSWERS_WITHIN_MS = 120_000;
/** Before it is started again: the first time, and at most when it ends again and again. */
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Who has lasted so long ended for another reason than its start. */
const LASTED_MS = 60_000;
const TOLD_EVERY_MS = 2_000;
const TOLD_OF_LOG = 2_000;

export interface ServerOptions {
  name: string;
  program: string;
  args: readonly string[];
  env?: Record<string, string>;
  /** What it reads from its standard input: passwords, which a list of processes would show. */
  input?: string;
  /** Its words, appended. */
  log: string;
  /** True when it serves; a throw counts as not yet. */
  answers: () => Promise<boolean>;
  /** How it is asked to end, and how long that may take until it is killed. */
  goodbye?: NodeJS.Signals;
  endsWithinMs?: number;
  say: Say;
}

/**
 * A server in a process of its own, in a group of its own: Ctrl-C reaches it through who started it, in its turn. Once it
 * has served it is started again whenever it ends unasked.
 */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private startedAt = 0;
  private pauseMs = PAUSE_MS;
  private wanted = false;
  private served = false;

  constructor(private readonly options: ServerOptions) {}

  get name(): string {
    return this.options.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Resolves when it serves, and tells now and then that it is not yet so.
   * @throws {Fault} with the end of its words when it ends before, or takes too long.
   */
  async start(): Promise<void> {
    const { name, say } = this.options;
    this.wanted = true;
    this.spawn();
    const begun = performance.now();
    let told = 0;
    while (!(await this.options.answers().catch(() => false))) {
      if (!this.wanted) return;
      const waited = performance.now() - begun;
      if (this.ended) throw new Fault(`${name} does not start:\n${this.lastWords()}`);
      if (waited > ANSWERS_WITHIN_MS) throw new Fault(`${name} does not answer:\n${this.lastWords()}`);
      if (waited > (told + 1) * TOLD_EVERY_MS) {
        told += 1;
        say(`  ${name}: starting, ${(waited / 1000).toFixed(0)} s so far`);
      }
      await delay(LOOK_EVERY_MS);
    }
    this.served = true;
    say(`✓ ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  }

  /** In order; by force when it takes too long. */
  async stop(): Promise<void> {
    this.wanted = false;
    const { child } = this;
    if (!child || this.ended) return;
    const { name, say, goodbye = 'SIGTERM', endsWithinMs = 30_000 } = this.options;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(goodbye);
    const impatience = setTimeout(() => {
      say(`${name} does not end by itself and is killed.`);
      child.kill('SIGKILL');
    }, endsWithinMs);
    await gone;
    clearTimeout(impatience);
    this.endGroup();
  }

  /** What it has started itself and left behind: nginx's workers would keep its port. */
  private endGroup(): void {
    try {
      process.kill(-this.child!.pid!, 'SIGKILL');
    } catch {
      // Nobody is left.
    }
  }

  private get ended(): boolean {
    return this.child === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private spawn(): void {
    const { program, args, env, input, log } = this.options;
    const words = openSync(log, 'a', 0o600);
    const child = spawn(program, args, {
      env: { ...process.env, PATH: serverPath(), ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', words, words],
      detached: true,
    });
    closeSync(words);
    // It may be gone before it reads.
    child.stdin?.on('error', () => undefined).end(input);
    this.child = child;
    this.startedAt = performance.now();
    child.once('error', (error) => this.options.say(`${this.name} cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => void this.goOn(signal ?? `exit code ${code}`));
  }

  private async goOn(how: string): Promise<void> {
    if (!this.wanted || !this.served) return;
    if (performance.now() - this.startedAt > LASTED_MS) this.pauseMs = PAUSE_MS;
    this.options.say(`${this.name} ended (${how}) and is started again.`);
    this.endGroup();
    await delay(this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    // Somebody may have asked for its end meanwhile.
    if (!this.wanted) return;
    this.spawn();
    this.options.say(`  ${this.name} is process ${this.pid}`);
  }

  private lastWords(): string {
    return readFileSync(this.options.log, 'utf8').slice(-TOLD_OF_LOG);
  }
}

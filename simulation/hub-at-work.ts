import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { NODE_FLAGS } from '../src/config/node-flags.js';
import { Fault } from './fault.js';
import type { Say } from './progress.js';

const READY_WITHIN_MS = 120_000;
const STOPPED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 200;

/** The hub that is replayed to: one that is there, or one started for the run (and started again if it dies). */
export class HubAtWork {
  private child: ChildProcess | null = null;
  private stopping = false;

  private constructor(
    readonly url: string,
    private readonly say: Say,
  ) {}

  /** @throws {Fault} when there is none and none can be started. */
  static async find({ url, port }: { url: string | null; port: number }, say: Say): Promise<HubAtWork> {
    const hub = new HubAtWork(url ?? `http://127.0.0.1:${port}`, say);
    if (await isReady(hub.url)) say(`Working with the hub at ${hub.url}.`);
    else if (url === null) await hub.start();
    else await hub.untilReady();
    return hub;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    const impatience = setTimeout(() => {
      this.say('The hub that was started for the run does not stop by itself: it is killed.');
      child.kill('SIGKILL');
    }, STOPPED_WITHIN_MS);
    await gone;
    clearTimeout(impatience);
    this.say('The hub that was started for the run has stopped.');
  }

  private async start(): Promise<void> {
    const program = resolve('dist/src/main.js');
    if (!existsSync(program)) throw new Fault(`No hub answers at ${this.url}, and ${program} is not built.`);
    this.say(`No hub answers at ${this.url}: starting one for the run.`);
    this.spawn(program);
    await this.untilReady();
  }

  private spawn(program: string): void {
    // In a group of its own, so that Ctrl-C reaches it through us, after the actors have gone.
    const child = spawn(process.execPath, [...NODE_FLAGS, program], {
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    });
    this.child = child;
    child.once('exit', (code, signal) => {
      if (this.stopping || this.child !== child) return;
      this.say(`The hub ended (${signal ?? `exit code ${code}`}); starting it again.`);
      setTimeout(() => !this.stopping && this.spawn(program), 500);
    });
  }

  private async untilReady(): Promise<void> {
    const end = performance.now() + READY_WITHIN_MS;
    while (!(await isReady(this.url))) {
      if (performance.now() > end) throw new Fault(`No hub became ready at ${this.url}.`);
      await new Promise((again) => setTimeout(again, LOOK_EVERY_MS));
    }
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/health/ready`, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

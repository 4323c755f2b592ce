import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { environmentWith } from '../simulation/environment.js';
import { Fault } from '../simulation/fault.js';
import { freePort } from '../simulation/free-port.js';
import { NODE_FLAGS } from '../src/config/node-flags.js';

const READY_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 10;
const MS_PER_TICK = 10;
const TIDY = ['--expose-gc', '--import', pathToFileURL(resolve('dist/bench/tidy-on-request.js')).href];

/** A hub process on a free port, with the database in `dataDir`, to be started and stopped and looked at from outside. */
export class OwnHub {
  private child: ChildProcess | undefined;

  private constructor(
    readonly dataDir: string,
    private readonly port: number,
    private readonly more: Record<string, string>,
  ) {}

  static async at(dataDir: string, more: Record<string, string> = {}): Promise<OwnHub> {
    return new OwnHub(dataDir, await freePort(), more);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Answers how long it took until it served, ms. @throws {Fault} when it does not come to serve */
  async start(): Promise<number> {
    const begun = performance.now();
    const child = spawn(process.execPath, [...NODE_FLAGS, ...TIDY, 'dist/src/main.js'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: environmentWith({ HUB_PORT: String(this.port), HUB_DATA_DIR: this.dataDir, HUB_DEMO: '1', ...this.more }),
    });
    this.child = child;
    while (!(await this.serves())) {
      if (child.exitCode !== null) throw new Fault(`The hub ended with exit code ${child.exitCode}.`);
      if (performance.now() - begun > READY_WITHIN_MS) throw new Fault('The hub did not come to serve.');
      await pause(LOOK_EVERY_MS);
    }
    return performance.now() - begun;
  }

  /** In order, as an operator does it. */
  async stop(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await gone;
  }

  /** Without a goodbye. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  /** Asks it to collect its garbage. */
  tidy(): void {
    this.child?.kill('SIGUSR2');
  }

  /** What the processor has done for it since it began, ms. Where the system does not tell, what it says itself. */
  async cpuMs(): Promise<number> {
    try {
      const fields = (await readFile(`/proc/${this.child!.pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
    } catch {
      return (await this.metrics()).get('process_cpu_seconds_total')! * 1_000;
    }
  }

  /** Its own figures, by name; those with labels are left out. */
  async metrics(): Promise<Map<string, number>> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return new Map([...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, name, value]) => [name!, Number(value)]));
  }

  private async serves(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/api/health/ready`, { signal: AbortSignal.timeout(5_000) });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}

export const pause = (ms: number): Promise<void> => new Promise((over) => setTimeout(over, ms));

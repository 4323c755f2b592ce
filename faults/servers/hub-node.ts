import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readiness } from '@minqing-hub/client-sdk/protocol';
import { freePort } from '../../simulation/free-port.js';
import { HubProcess } from '../../simulation/hub-process.js';

/** A machine may be busy with much else. */
const READY_WITHIN_MS = 180_000;

/** What is started as a hub: the one that is built for everybody, or one with a bug planted in it. */
export interface HubProgram {
  main: string;
  args: readonly string[];
}
export const BUILT_HUB: HubProgram = { main: 'dist/src/main.js', args: [] };

/** A hub in a process of its own, on a port that it keeps. */
export class HubNode extends HubProcess {
  private removed = false;

  private constructor(
    readonly name: string,
    readonly port: number,
    url: string,
    private readonly folder: string,
    { main, args }: HubProgram,
    env: Record<string, string>,
  ) {
    super({ name, program: [main, ...args], env, url, begun: 'ready', withinMs: READY_WITHIN_MS, startsNicely: true });
  }

  /** It does not run yet. */
  static async create(name: string, program: HubProgram, env: Record<string, string>): Promise<HubNode> {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'hub-faults-'));
    return new HubNode(name, port, `http://127.0.0.1:${port}`, folder, program, {
      HUB_PORT: String(port),
      HUB_HOST: '127.0.0.1',
      HUB_DATA_DIR: folder,
      HUB_HEADS_DIR: folder,
      HUB_PASSWORD_COST: '14',
      HUB_LOG_LEVEL: 'warn',
      HUB_DEMO: '1',
      HUB_SHUTDOWN_SECONDS: '2',
      NODE_ENV: '',
      ...env,
    });
  }

  /** As a service manager does it: one that ended because something it needs was away is started again. */
  override async start(): Promise<void> {
    const end = performance.now() + READY_WITHIN_MS;
    for (;;) {
      if (this.removed) return;
      try {
        return await super.start();
      } catch (fault) {
        if (this.removed) return;
        if (performance.now() > end) throw fault;
      }
    }
  }

  /** What it has not followed up and left to a person: of all that is broken here nothing may come to that. */
  async leftToPersons(): Promise<string | null> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/health/ready`);
    const { setAside } = (await response.json()) as Readiness;
    const each = Object.entries(setAside).map(([reaction, events]) => `${reaction} ${events}`);
    return each.length > 0 ? `events were set aside: ${each.join(', ')}` : null;
  }

  async remove(): Promise<void> {
    this.removed = true;
    this.resume();
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../simulation/free-port.js';
import { HubProcess } from '../../simulation/hub-process.js';
import { Line } from '../consoles/line.js';

const READY_WITHIN_MS = 60_000;

/** What is started as a hub: the one that is built for everybody, or one with a bug planted in it. */
export interface HubProgram {
  main: string;
  args: readonly string[];
}
export const BUILT_HUB: HubProgram = { main: 'dist/src/main.js', args: [] };

/** A hub in a process of its own, on a port that it keeps, reached by consoles through a line. */
export class HubNode extends HubProcess {
  private constructor(
    readonly name: string,
    readonly line: Line,
    url: string,
    private readonly folder: string,
    { main, args }: HubProgram,
    env: Record<string, string>,
  ) {
    super({ name, program: [main, ...args], env, url, begun: 'ready', withinMs: READY_WITHIN_MS });
  }

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

  async remove(): Promise<void> {
    this.resume();
    await this.kill();
    await this.line.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

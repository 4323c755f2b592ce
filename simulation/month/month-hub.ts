import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Fault } from '../fault.js';
import { freePort } from '../free-port.js';
import { HubProcess } from '../hub-process.js';

const MAIN = 'dist/src/main.js';
const READY_WITHIN_MS = 120_000;

/** A hub of the run's own, in its own process and data folder, whose time is virtual and whose policy is the rule book's. */
export class MonthHub extends HubProcess {
  private constructor(
    readonly url: string,
    private readonly folder: string,
    env: Record<string, string>,
  ) {
    super({ name: 'The hub', program: [MAIN], env, url, begun: 'live', withinMs: READY_WITHIN_MS });
  }

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

  /** Ends it, however it stands, and takes its data away. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
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

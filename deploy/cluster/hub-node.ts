import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Say } from '../../simulation/progress.js';
import { ServerProcess } from './server-process.js';

export interface HubNodePlace {
  name: string;
  folder: string;
  port: number;
  /** The same for all nodes: keys and what the hub writes beside the database. */
  dataDir: string;
  databaseUrl: string;
  redisUrl: string;
  say: Say;
}

/** A node of the hub behind one proxy. What else its environment says holds for it, too. */
export async function hubNode(place: HubNodePlace): Promise<ServerProcess> {
  const { name, folder, port, dataDir, databaseUrl, redisUrl, say } = place;
  await mkdir(folder, { recursive: true });
  await mkdir(dataDir, { recursive: true });
  return new ServerProcess({
    name,
    program: process.execPath,
    args: ['--enable-source-maps', 'dist/src/main.js'],
    env: {
      HUB_PROFILE: 'cluster',
      HUB_ALARMS: 'bull',
      HUB_HOST: '127.0.0.1',
      HUB_PORT: String(port),
      HUB_DATA_DIR: dataDir,
      HUB_TRUSTED_PROXIES: '1',
      HUB_DATABASE_URL: databaseUrl,
      HUB_DATABASE_URL_FILE: '',
      HUB_REDIS_URL: redisUrl,
      HUB_REDIS_URL_FILE: '',
    },
    log: join(folder, 'log'),
    answers: async () => (await fetch(`http://127.0.0.1:${port}/api/health/ready`)).ok,
    endsWithinMs: 40_000,
    say,
  });
}

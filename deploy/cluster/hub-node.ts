import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NODE_FLAGS } from '../../src/config/node-flags.js';
import type { Secrets } from '../../src/config/secrets.js';
import type { Say } from '../../simulation/progress.js';
import { ServerProcess } from './server-process.js';

const PROGRAM = 'dist/src/main.js';

export interface HubNodePlace {
  name: string;
  folder: string;
  port: number;
  /** These are the same for all nodes: what the hub writes beside the database, the stores, the keys. */
  dataDir: string;
  databaseUrl: string;
  redisUrl: string;
  secrets: Secrets;
  say: Say;
}

/** A node of the hub behind one proxy. What else its environment says holds for it, too. */
export async function hubNode(place: HubNodePlace): Promise<ServerProcess> {
  const { name, folder, port, dataDir, say } = place;
  await mkdir(folder, { recursive: true });
  await mkdir(dataDir, { recursive: true });
  return new ServerProcess({
    name,
    program: process.execPath,
    args: [...NODE_FLAGS, PROGRAM],
    env: {
      HUB_PROFILE: 'cluster',
      HUB_ALARMS: 'bull',
      HUB_HOST: '127.0.0.1',
      HUB_PORT: String(port),
      HUB_DATA_DIR: dataDir,
      HUB_TRUSTED_PROXIES: '1',
      ...only('HUB_DATABASE_URL', place.databaseUrl),
      ...only('HUB_REDIS_URL', place.redisUrl),
      ...only('HUB_TOKEN_SECRET', place.secrets.tokenSecret),
      ...only('HUB_AUDIT_KEY', place.secrets.auditKey),
      ...only('HUB_DIGEST_KEY', place.secrets.digestKey),
    },
    log: join(folder, 'log'),
    answers: async () => (await fetch(`http://127.0.0.1:${port}/api/health/ready`)).ok,
    endsWithinMs: 40_000,
    say,
  });
}

/** Whatever file the environment names for it. */
const only = (name: string, value: string) => ({ [name]: value, [`${name}_FILE`]: '' });

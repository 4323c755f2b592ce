import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { databaseUrl, mariadb } from '../deploy/cluster/mariadb.js';
import { redis, redisUrl } from '../deploy/cluster/redis.js';
import type { ServerProcess } from '../deploy/cluster/server-process.js';
import { freePort } from '../simulation/free-port.js';
import type { Say } from '../simulation/progress.js';

export const PROFILES = ['embedded', 'cluster'] as const;
export type Profile = (typeof PROFILES)[number];

const newSecret = (): string => randomBytes(24).toString('hex');

/** What a bench's hubs stand on: a file of their own, or servers as `npm run cluster` has them. */
export class Stores {
  private constructor(
    /** Leads a hub to them. */
    readonly env: Readonly<Record<string, string>>,
    private readonly servers: readonly ServerProcess[],
  ) {}

  /** All data lies in `folder`. */
  static async start(profile: Profile, folder: string, say: Say): Promise<Stores> {
    if (profile === 'embedded') return new Stores({ HUB_PROFILE: profile }, []);
    const [database, words] = [
      { port: await freePort(), password: newSecret() },
      { port: await freePort(), password: newSecret() },
    ];
    const servers = [
      await mariadb({ ...database, folder: join(folder, 'mariadb'), say }),
      await redis({ ...words, folder: join(folder, 'redis'), say }),
    ];
    const env = {
      HUB_PROFILE: profile,
      HUB_ALARMS: 'bull',
      HUB_DATABASE_URL: databaseUrl(database),
      HUB_REDIS_URL: redisUrl(words),
      HUB_TOKEN_SECRET: newSecret(),
      HUB_AUDIT_KEY: newSecret(),
      HUB_DIGEST_KEY: newSecret(),
    };
    const stores = new Stores(env, servers);
    try {
      for (const server of servers) await server.start();
    } catch (error) {
      await stores.stop();
      throw error;
    }
    return stores;
  }

  async stop(): Promise<void> {
    for (const server of [...this.servers].reverse()) await server.stop();
  }
}

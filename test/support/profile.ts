import { type LentDatabase, LentDatabases } from './lent-databases.js';
import { RedisProcess } from './redis-process.js';
import { beginWithTables } from './tables.js';

export const PROFILES = ['embedded', 'cluster'] as const;
export type Profile = (typeof PROFILES)[number];

/** The profile of hubs and stores of a test that names none: `TEST_PROFILE=cluster npm test` runs all of them on MariaDB. */
export const PROFILE: Profile = process.env.TEST_PROFILE === 'cluster' ? 'cluster' : 'embedded';

let databases: Promise<LentDatabases> | undefined;
let redis: Promise<RedisProcess> | undefined;

/** This spec file's MariaDB, there from its first use to the file's end. */
export const sharedMariadb = (): Promise<LentDatabases> => (databases ??= LentDatabases.start());

const sharedRedis = (): Promise<RedisProcess> => (redis ??= RedisProcess.started());

afterAll(async () => {
  await (await databases)?.remove();
  await (await redis)?.remove();
});

/** The database of each data folder, for the hubs that go on with it. */
const ofFolder = new Map<string, LentDatabase>();

/** What a hub's environment needs for its profile. Who comes back with the same data folder finds the same database. */
export async function environmentOf(dataDir: string, profile: Profile = PROFILE): Promise<Record<string, string>> {
  if (profile === 'embedded') {
    await beginWithTables(dataDir);
    return {};
  }
  const database = ofFolder.get(dataDir) ?? (await (await sharedMariadb()).lend());
  ofFolder.set(dataDir, database);
  return {
    HUB_PROFILE: 'cluster',
    HUB_DATABASE_URL: database.url,
    HUB_REDIS_URL: (await sharedRedis()).url,
    HUB_ALARMS: 'in-process',
    HUB_TOKEN_SECRET: 'a token secret that all nodes of a test share',
    HUB_AUDIT_KEY: 'an audit key that all nodes of a test share',
    HUB_DIGEST_KEY: 'a digest key that all nodes of a test share',
  };
}

/** When the folder is taken away. */
export function giveBackDatabaseOf(dataDir: string): void {
  ofFolder.get(dataDir)?.giveBack();
  ofFolder.delete(dataDir);
}

/** The suite once on each profile. */
export function onEachProfile(suite: (profile: Profile) => void): void {
  for (const profile of PROFILES) describe(`on the ${profile} profile`, () => suite(profile));
}

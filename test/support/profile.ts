import { join } from 'node:path';
import { DATABASE_FILE } from '../../src/storage/sqlite-database.js';
import { type LentDatabase, LentDatabases } from './lent-databases.js';
import { RedisProcess } from './redis-process.js';
import { beginWithTables } from './tables.js';

export const PROFILES = ['embedded', 'cluster'] as const;
export type Profile = (typeof PROFILES)[number];

/** The profile of hubs and stores of a test that names none: `TEST_PROFILE=cluster npm test` runs all of them on MariaDB. */
export const PROFILE: Profile = process.env.TEST_PROFILE === 'cluster' ? 'cluster' : 'embedded';

let databases: Promise<LentDatabases> | undefined;
let redis: Promise<RedisProcess> | undefined;

/** This spec file's databases on the MariaDB of the run, gone at the file's end. */
export const lentDatabases = (): Promise<LentDatabases> => (databases ??= LentDatabases.open());

const sharedRedis = (): Promise<RedisProcess> => (redis ??= RedisProcess.started());

afterAll(async () => {
  await (await databases)?.close();
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
  const database = ofFolder.get(dataDir) ?? (await (await lentDatabases()).lend());
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

/** Where the database of a data folder lies: its URL, or its file. */
export const placeOf = (dataDir: string): string => ofFolder.get(dataDir)?.url ?? join(dataDir, DATABASE_FILE);

/** The hubs that go on with the copy of a data folder find a copy of its database, which nobody uses meanwhile. */
export async function copyDatabaseOf(dataDir: string, copy: string): Promise<void> {
  const original = ofFolder.get(dataDir);
  if (original) ofFolder.set(copy, await (await lentDatabases()).lendCopy(original.url));
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

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { environment, loadSettings } from './settings.js';
import { VARIABLES } from './variables.js';

/**
 * The data folder alone, absolute. For programs that must look at it before anything is made in it:
 * `loadSettings` puts new keys into an empty one.
 */
export function loadDataDir(): string {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return resolve(process.env.HUB_DATA_DIR || VARIABLES.HUB_DATA_DIR.absent);
}

/** As `loadDataDir`: where the log's heads are written down. */
export function loadHeadsDir(): string {
  return process.env.HUB_HEADS_DIR ? resolve(process.env.HUB_HEADS_DIR) : loadDataDir();
}

/**
 * Where the database of the cluster lies; `undefined` in the embedded profile, whose data is a folder.
 * @throws {ConfigurationFault}
 */
export function loadDatabaseUrl(): string | undefined {
  return environment().HUB_PROFILE === 'cluster' ? loadSettings().databaseUrl : undefined;
}

/** True when the keys that the folder's log was written with can be had. */
export function auditKeyIsKnown(dataDir: string): boolean {
  return Boolean(
    process.env.HUB_AUDIT_KEY || process.env.HUB_AUDIT_KEY_FILE || existsSync(resolve(dataDir, 'secrets.json')),
  );
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Say } from '../simulation/progress.js';
import { OwnHub } from './own-hub.js';
import { type Profile, Stores } from './stores.js';

/** Where hubs of a bench have their data. */
export interface HubPlace {
  dataDir: string;
  env: Readonly<Record<string, string>>;
}

/** An empty folder and empty stores, for as long as `use` takes. */
export async function withStores<T>(profile: Profile, say: Say, use: (place: HubPlace) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hub-bench-'));
  try {
    const stores = await Stores.start(profile, dataDir, say);
    try {
      return await use({ dataDir, env: stores.env });
    } finally {
      await stores.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** A hub of its own on a free port, with an empty database and time that can be moved ahead, for as long as `use` takes. */
export function withHub<T>(profile: Profile, say: Say, use: (url: string) => Promise<T>): Promise<T> {
  return withStores(profile, say, async ({ dataDir, env }) => {
    const hub = await OwnHub.at(dataDir, { ...env, HUB_CLOCK: 'virtual' });
    try {
      await hub.start();
      say(`Working with a hub of its own at ${hub.url}.`);
      return await use(hub.url);
    } finally {
      await hub.stop();
    }
  });
}

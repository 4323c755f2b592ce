import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Say } from '../simulation/progress.js';
import { OwnHub } from './own-hub.js';

/** A hub of its own on a free port, with an empty database and time that can be moved ahead, for as long as `use` takes. */
export async function withHub<T>(say: Say, use: (url: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hub-bench-'));
  const hub = await OwnHub.at(dataDir, { HUB_CLOCK: 'virtual' });
  try {
    await hub.start();
    say(`Working with a hub of its own at ${hub.url}.`);
    return await use(hub.url);
  } finally {
    await hub.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

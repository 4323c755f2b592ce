import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Clock } from '../../src/config/clock.js';
import { HubLogger } from '../../src/config/hub-logger.js';
import type { PolicyKey } from '../../src/config/policy-keys.js';
import { type PolicyValue, readPolicy } from '../../src/config/policy.js';
import { readSettings } from '../../src/config/settings.js';
import { clockFor } from '../../src/config/virtual-clock.js';
import { LogReader } from '../../src/event-log/log-reader.js';
import { Placing } from '../../src/event-log/placing.js';
import { Reactions } from '../../src/event-log/reactions.js';
import { Tail } from '../../src/event-log/tail.js';
import { createHub } from '../../src/hub.js';
import { environmentOf, giveBackDatabaseOf, type Profile } from './profile.js';

export interface TestHub {
  app: NestExpressApplication;
  url: string;
  dataDir: string;
  /** What was answered so far has its place in the log, was told, and whatever follows from it has followed. */
  settled(): Promise<void>;
  /** Ends the hub; its data stays for `startHub({dataDir})` unless `keep` is false. */
  stop(options?: { keep?: boolean }): Promise<void>;
}

export interface TestHubOptions {
  dataDir?: string;
  demo?: boolean;
  clock?: Clock;
  policy?: Partial<Record<PolicyKey, PolicyValue>>;
  env?: Record<string, string>;
  profile?: Profile;
}

/** The whole hub in this process, on a free port, with the demo city unless told otherwise. */
export async function startHub(options: TestHubOptions = {}): Promise<TestHub> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'hub-test-')));
  const settings = readSettings({
    ...(await environmentOf(dataDir, options.profile)),
    HUB_DATA_DIR: dataDir,
    HUB_DEMO: options.demo === false ? '0' : '1',
    HUB_PASSWORD_COST: '14',
    ...options.env,
  });
  const policy = readPolicy(settings.configDir, options.policy);
  const app = await createHub(settings, policy, options.clock ?? clockFor(settings), new HubLogger({ level: 'error' }));
  await app.listen(0, '127.0.0.1');
  const settled = async () => {
    await app.get(Placing).settled();
    await app.get(Tail).reached((await app.get(LogReader).head()).seq);
    await app.get(Reactions).idle();
  };
  // Accounts of the demo's units above all.
  await settled();
  return {
    app,
    url: await app.getUrl(),
    dataDir,
    settled,
    stop: async ({ keep = options.dataDir !== undefined } = {}) => {
      await app.close();
      if (keep) return;
      giveBackDatabaseOf(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentWith } from '../simulation/environment.js';
import { HubAtWork } from '../simulation/hub-at-work.js';
import type { Say } from '../simulation/progress.js';

/** A hub of its own on a free port, with an empty database, for as long as `use` takes. */
export async function withHub<T>(say: Say, use: (url: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hub-bench-'));
  const port = await freePort();
  const hub = spawn(process.execPath, ['--enable-source-maps', 'dist/src/main.js'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: environmentWith({ HUB_PORT: String(port), HUB_DATA_DIR: dataDir, HUB_DEMO: '1' }),
  });
  try {
    const { url } = await HubAtWork.find({ url: `http://127.0.0.1:${port}`, port }, say);
    return await use(url);
  } finally {
    await ended(hub);
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function ended(hub: ChildProcess): Promise<void> {
  if (hub.exitCode !== null || hub.signalCode !== null) return;
  const gone = new Promise((done) => hub.once('exit', done));
  hub.kill('SIGTERM');
  await gone;
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });
}

import { constants } from 'node:os';
import type { Servers } from './servers.js';

/** What runs now, or is about to. */
const running = new Set<Promise<Servers>>();
let ending = false;

/** `work` with servers of its own, which end with it. */
export async function withServers<T>(creating: Promise<Servers>, work: (servers: Servers) => Promise<T>): Promise<T> {
  running.add(creating);
  try {
    const servers = await creating;
    await servers.start();
    return await work(servers);
  } catch (fault) {
    // They go because all go: what that does to who works with them is no news.
    if (ending) return await new Promise<never>(() => undefined);
    throw fault;
  } finally {
    if (!ending) {
      running.delete(creating);
      await (await creating).remove();
    }
  }
}

/** Whoever ends the tester ends all servers that it has started. */
export function endWithSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void endAll(128 + constants.signals[signal]));
  }
  process.on('uncaughtException', (error) => {
    if (!ending) process.stderr.write(`${error.stack}\n`);
    void endAll(2);
  });
}

async function endAll(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await Promise.allSettled([...running].map(async (creating) => (await creating).remove()));
  process.exit(code);
}

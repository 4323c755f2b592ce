import 'reflect-metadata';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { exitForConfiguration } from './config/configuration-fault.js';
import { HubLogger } from './config/hub-logger.js';
import { loadConfiguration } from './config/load-configuration.js';
import { clockFor } from './config/virtual-clock.js';
import { createHub } from './hub.js';
import { beTheOnlyHub } from './storage/sole-hub.js';

/** The first signal ends the hub in order: what was begun is finished and answered. The second one does not wait. */
function endOnSignal(hub: NestExpressApplication): void {
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (ending) process.exit(1);
      ending = true;
      void hub.close().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}

/** What ends the process is in the log, too, whoever keeps its standard error. */
function tellOfTheEnd(logger: HubLogger): void {
  process.on('uncaughtExceptionMonitor', (error) => logger.fatal('the process ends', error, 'Main'));
}

/** Resolves when the hub serves; ends the process when it cannot be configured so. */
export async function serve(): Promise<void> {
  try {
    const { settings, policy } = loadConfiguration();
    const logger = HubLogger.of(settings);
    tellOfTheEnd(logger);
    if (settings.profile === 'embedded') beTheOnlyHub(settings.dataDir);
    const hub = await createHub(settings, policy, clockFor(settings), logger);
    await hub.listen(settings.http.port, settings.http.host);
    endOnSignal(hub);
    logger.announce(`民情枢纽已就绪：${await hub.getUrl()}`);
  } catch (error) {
    exitForConfiguration(error);
  }
}

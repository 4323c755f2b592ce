import 'reflect-metadata';
import { SystemClock } from './config/clock.js';
import { exitForConfiguration } from './config/configuration-fault.js';
import { loadConfiguration } from './config/load-configuration.js';
import { createHub } from './hub.js';

try {
  const { settings, policy } = loadConfiguration();
  const hub = await createHub(settings, policy, new SystemClock());
  await hub.listen(settings.http.port, settings.http.host);
  process.stdout.write(`民情枢纽已就绪：${await hub.getUrl()}\n`);
} catch (error) {
  exitForConfiguration(error);
}

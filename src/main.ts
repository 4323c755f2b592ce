import 'reflect-metadata';
import { SystemClock } from './config/clock.js';
import { exitForConfiguration } from './config/configuration-fault.js';
import { readPolicy } from './config/policy.js';
import { loadSettings } from './config/settings.js';
import { createHub } from './hub.js';

try {
  const settings = loadSettings();
  const hub = await createHub(settings, readPolicy(settings.configDir), new SystemClock());
  await hub.listen(settings.http.port, settings.http.host);
  process.stdout.write(`民情枢纽已就绪：${await hub.getUrl()}\n`);
} catch (error) {
  exitForConfiguration(error);
}

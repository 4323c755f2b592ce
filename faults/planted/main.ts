import 'reflect-metadata';
import { HubLogger } from '../../src/config/hub-logger.js';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { clockFor } from '../../src/config/virtual-clock.js';
import { createHub } from '../../src/hub.js';
import type { BugName } from './names.js';
import { PLANTS } from './plants.js';

/** `node main.js [NAME]`: a hub like the built one, with one bug planted in it, or none. Only the fault tester starts it. */
const [name] = process.argv.slice(2);
if (name !== undefined) PLANTS[name as BugName]();
const { settings, policy } = loadConfiguration();
const hub = await createHub(settings, policy, clockFor(settings), HubLogger.of(settings));
await hub.listen(settings.http.port, settings.http.host);
process.on('SIGTERM', () => void hub.close().then(() => process.exit(0)));

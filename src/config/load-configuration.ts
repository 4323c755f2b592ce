import { ConfigurationFault } from './configuration-fault.js';
import { type Policy, readPolicy } from './policy.js';
import { configDirOf, loadSettings, type Settings } from './settings.js';

/**
 * Settings and policy together, so that one failed boot tells everything that is wrong.
 * @throws {ConfigurationFault}
 */
export function loadConfiguration(): { settings: Settings; policy: Policy } {
  const faults: string[] = [];
  const settings = collect(faults, loadSettings);
  const policy = collect(faults, () => readPolicy(settings?.configDir ?? configDirOf(process.env)));
  if (!settings || !policy) throw new ConfigurationFault(faults);
  return { settings, policy };
}

function collect<T>(faults: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationFault)) throw error;
    faults.push(...error.faults);
    return undefined;
  }
}

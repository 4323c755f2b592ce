import { ConfigurationFault } from './configuration-fault.js';
import { type Policy, readPolicy } from './policy.js';
import { configDirOf, type Environment, environment, readSettings, type Settings } from './settings.js';
import { readSkillPlan } from './skill-plan.js';

/**
 * Settings, policy and plan of skills together, so that one failed boot tells everything that is wrong.
 * @throws {ConfigurationFault}
 */
export function loadConfiguration(from: Environment = environment()): { settings: Settings; policy: Policy } {
  const faults: string[] = [];
  const settings = collect(faults, () => readSettings(from));
  const configDir = settings?.configDir ?? configDirOf(from);
  const policy = collect(faults, () => readPolicy(configDir));
  const skills = collect(faults, () => readSkillPlan(configDir));
  if (!settings || !policy || !skills) throw new ConfigurationFault(faults);
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

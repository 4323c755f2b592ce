import { existsSync } from 'node:fs';

/** What programs beside the hub take from the same environment as the hub: the only place here that reads it. */
export interface Environment {
  port: number;
  demoPassword: string;
  /** Where `replay/{mapping}.json` lies. */
  configDir: string;
}

export function readEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return {
    port: Number(process.env.HUB_PORT || 3000),
    demoPassword: process.env.HUB_DEMO_PASSWORD || 'demo',
    configDir: process.env.HUB_CONFIG_DIR || './config',
  };
}

/** For a program that is started from here: the same environment, but for these. */
export const environmentWith = (more: Record<string, string>): NodeJS.ProcessEnv => ({ ...process.env, ...more });

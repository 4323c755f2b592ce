import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyKey } from '../../src/config/policy-keys.js';

/** A city like the one in `config`, which wants some things otherwise: the folder for `HUB_CONFIG_DIR`. */
export async function tunedCity(changes: Partial<Record<PolicyKey, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-city-'));
  await cp('config', folder, { recursive: true });
  const file = join(folder, 'policy.json');
  const policy = JSON.parse(await readFile(file, 'utf8')) as Record<string, { value: unknown }>;
  for (const [key, value] of Object.entries(changes)) policy[key]!.value = value;
  await writeFile(file, JSON.stringify(policy));
  return folder;
}

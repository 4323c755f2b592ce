import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What takes minutes in a city takes seconds here, so that much of it happens between two faults. */
export const TUNED = {
  'clock.atOnceSeconds': 2,
  'seat.graceSeconds': 2,
  'offer.seconds': 3,
  'goaway.spreadSeconds': 1,
  'node.leaseSeconds': 5,
};

/** The folder for `HUB_CONFIG_DIR`. */
export async function tunedCity(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-faults-city-'));
  await cp('config', folder, { recursive: true });
  const file = join(folder, 'policy.json');
  const policy = JSON.parse(await readFile(file, 'utf8')) as Record<string, { value: unknown }>;
  for (const [key, value] of Object.entries(TUNED)) policy[key]!.value = value;
  await writeFile(file, JSON.stringify(policy));
  return folder;
}

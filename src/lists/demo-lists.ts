import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM } from '../identity/actor.js';
import type { ListImport } from './import/list-import.js';
import { LIST_NAMES, type ListName } from './list-name.js';

/**
 * Puts lists of the demo district in force, by the way that every list takes.
 * @throws when a file is not as it must be.
 */
export async function seedDemoLists(
  listImport: ListImport,
  configDir: string,
  lists: readonly ListName[] = LIST_NAMES,
): Promise<void> {
  for (const list of lists) {
    const bytes = createReadStream(join(configDir, 'demo', `${list}.csv`)) as AsyncIterable<Buffer>;
    const report = await listImport.run(SYSTEM, list, { format: 'csv', bytes });
    const first = report.errors[0];
    if (first) throw new Error(`config/demo/${list}.csv:${first.line} ${first.column} ${first.reason}`);
  }
}

import type { MariadbProcess } from '../../test/support/mariadb-process.js';
import { dieAndReturn, type Lane, standStill } from './servers.js';

export const databaseLane = (database: MariadbProcess): Lane => ({
  rest: 10,
  faults: [
    { kind: 'database killed', weight: 2, befall: (random) => dieAndReturn(database, random).then(() => 'database') },
    { kind: 'database paused', weight: 2, befall: (random) => standStill(database, random).then(() => 'database') },
    { kind: 'database lines cut', weight: 3, befall: async (random) => `${await cutLines(database, random)} lines` },
  ],
});

/** The server ends connections while they are in use: whoever was committing does not learn what came of it. */
async function cutLines(database: MariadbProcess, random: () => number): Promise<number> {
  const rows = await database.say(
    "SELECT id FROM information_schema.processlist WHERE user = 'hub' AND db IS NOT NULL",
  );
  const chosen = rows.filter(() => random() < 0.5);
  for (const { id } of chosen) await database.say(`KILL CONNECTION ${id}`).catch(() => undefined);
  return chosen.length;
}

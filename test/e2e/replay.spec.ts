import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Caller } from '../support/caller.js';
import { HubProcess } from '../support/hub-process.js';
import { recordTown } from '../support/recorded-town.js';
import { replayTown } from '../support/replay-process.js';

const ROWS = 200;
const LEARN = ['--learn-every', '60'];

describe('a replay of recorded requests', () => {
  let hub: HubProcess;
  let configDir: string;
  let file: string;

  beforeAll(async () => {
    configDir = await mkdtemp(join(tmpdir(), 'replay-town-'));
    ({ file } = await recordTown(configDir, ROWS));
    hub = await HubProcess.create();
    await hub.start();
  });
  afterAll(async () => {
    await hub.remove();
    await rm(configDir, { recursive: true, force: true });
  });

  it('[IN19] receives every row, has it worked on, and finds nothing missing; a second run writes nothing', async () => {
    const town = { url: hub.url, configDir, file };
    const reportFile = join(configDir, 'report.json');
    const first = await replayTown(town, ...LEARN, '--report', reportFile);
    expect(first.report).toMatchObject({
      received: ROWS,
      duplicates: 0,
      refused: 0,
      mismatches: 0,
      recorded: { rows: ROWS, matters: 4, units: 7 },
      acted: { unfinished: 0, refusals: {}, commands: { accept: ROWS } },
      checked: { orders: ROWS, missing: [], different: [] },
    });
    expect(first.code).toBe(0);
    expect(JSON.parse(await readFile(reportFile, 'utf8'))).toEqual(first.report);

    // Matters mostly go to one unit, so rules are learnt, and they prove right more often than not.
    const { agreement, acted, latencyMs } = first.report;
    expect(agreement.compared).toBeGreaterThan(20);
    expect(agreement.agreed / agreement.compared).toBeGreaterThan(0.6);
    expect(acted.dispatchedByHub).toBeGreaterThanOrEqual(agreement.compared);
    expect(latencyMs.samples).toBeGreaterThan(ROWS);

    const before = contentsOf(hub.dataDir);
    const second = await replayTown(town, ...LEARN);
    expect(second.report).toMatchObject({ received: ROWS, duplicates: ROWS, mismatches: 0 });
    expect(second.report.acted.commands).toEqual({});
    expect(contentsOf(hub.dataDir)).toEqual(before);
  });

  it("leaves the lists' other rows as they were", async () => {
    const admin = await Caller.login(hub.url, 'admin');
    const rules = (await admin.get<{ ruleId: string }[]>('/api/duties')).body;
    expect(rules.some(({ ruleId }) => ruleId.startsWith('learnt/town/'))).toBe(true);
    expect(rules.some(({ ruleId }) => ruleId === '010101/*/cityworks')).toBe(true);
    const units = (await admin.get<{ unitId: string }[]>('/api/units')).body.map(({ unitId }) => unitId);
    expect(units).toEqual(expect.arrayContaining(['district', 'town-0', 'town-village-E']));
  });
});

/** Where nodes say that they live, whatever else happens. */
const SIGNS_OF_LIFE = ['hub_node'];
/** Rows that are written only to be held: what they say means nothing. */
const LOCKS = 'accounts.lock.';

/** Every table's rows, as one number each. */
function contentsOf(dataDir: string): Record<string, string> {
  const database = new Database(join(dataDir, 'hub.sqlite'), { readonly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[];
    return Object.fromEntries(
      tables
        .filter((table) => !SIGNS_OF_LIFE.includes(table))
        .map((table) => {
          const rows = database.prepare(`SELECT * FROM "${table}"`).raw().all();
          const sorted = (rows as unknown[][])
            .filter(([first]) => !String(first).startsWith(LOCKS))
            .map((row) => JSON.stringify(row))
            .sort();
          return [table, `${sorted.length} ${createHash('sha256').update(sorted.join('\n')).digest('hex')}`];
        }),
    );
  } finally {
    database.close();
  }
}

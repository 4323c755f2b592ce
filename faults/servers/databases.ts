import { GaleraCluster } from '../../test/support/galera-cluster.js';
import { MariadbProcess } from '../../test/support/mariadb-process.js';
import { between, dieAndReturn, type Lane, pause, PAUSED_MS, type ServerFault, standStill } from './servers.js';

/** What the nodes of a cluster keep everything in. */
export interface Database {
  /** As each of any number of nodes reaches it. */
  urlFor(node: number): string;
  readonly lane: Lane;
  remove(): Promise<void>;
}

const REST = 10;
/** One of three servers is taken for gone after two seconds: some of these are shorter, some longer. */
const GALERA_AWAY_MS = { from: 500, to: 4_000 };

/** One server. */
export async function oneDatabase(): Promise<Database> {
  const server = await MariadbProcess.started();
  const url = await server.database();
  return {
    urlFor: () => url,
    lane: {
      rest: REST,
      faults: serverFaults(
        () => server,
        () => Promise.resolve(),
        PAUSED_MS,
      ),
    },
    remove: () => server.remove(),
  };
}

/** Three servers that are one: one of them at a time is lost, and is whole again before the next. */
export async function galeraDatabase(): Promise<Database> {
  const cluster = await GaleraCluster.started();
  const urls = await cluster.database();
  const one = (random: () => number): MariadbProcess => cluster.servers[Math.floor(random() * cluster.servers.length)]!;
  return {
    urlFor: (node) => urls[node % urls.length]!,
    lane: {
      rest: REST,
      faults: [...serverFaults(one, () => cluster.whole(), GALERA_AWAY_MS), cutOffFrom(cluster, one)],
    },
    remove: () => cluster.remove(),
  };
}

/** The network is split: one server alone, which may serve nobody, and a majority that goes on without it. */
const cutOffFrom = (cluster: GaleraCluster, one: (random: () => number) => MariadbProcess): ServerFault => ({
  kind: 'database cut off',
  weight: 2,
  befall: (random) =>
    told(one(random), async (server) => {
      await cluster.isolate(server);
      await pause(between(random, GALERA_AWAY_MS.from, GALERA_AWAY_MS.to));
      await cluster.join(server);
    }),
});

/** `whole`: resolves when what was hit serves with the others again. */
const serverFaults = (
  one: (random: () => number) => MariadbProcess,
  whole: () => Promise<void>,
  pausedMs: typeof PAUSED_MS,
): ServerFault[] => [
  {
    kind: 'database killed',
    weight: 2,
    befall: (random) => told(one(random), async (server) => void (await dieAndReturn(server, random), await whole())),
  },
  {
    kind: 'database paused',
    weight: 2,
    befall: (random) =>
      told(one(random), async (server) => void (await standStill(server, random, pausedMs), await whole())),
  },
  {
    kind: 'database lines cut',
    weight: 3,
    befall: (random) => told(one(random), (server) => cutLines(server, random)),
  },
];

async function told(server: MariadbProcess, fault: (server: MariadbProcess) => Promise<void>): Promise<string> {
  await fault(server);
  return `database at ${server.port}`;
}

/** The server ends connections while they are in use: whoever was committing does not learn what came of it. */
async function cutLines(server: MariadbProcess, random: () => number): Promise<void> {
  const rows = await server.say("SELECT id FROM information_schema.processlist WHERE user = 'hub' AND db IS NOT NULL");
  for (const { id } of rows) {
    // Some have gone by themselves since.
    if (random() < 0.5) await server.say(`KILL CONNECTION ${id}`).catch(() => undefined);
  }
}

import { GaleraCluster } from '../../test/support/galera-cluster.js';
import { MariadbProcess } from '../../test/support/mariadb-process.js';
import { dieAndReturn, type Lane, type ServerFault, standStill } from './servers.js';

/** What the nodes of a cluster keep everything in. */
export interface Database {
  /** As each of any number of nodes reaches it. */
  urlFor(node: number): string;
  readonly lane: Lane;
  remove(): Promise<void>;
}

const REST = 10;

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
    lane: { rest: REST, faults: serverFaults(one, () => cluster.whole()) },
    remove: () => cluster.remove(),
  };
}

/** `whole`: resolves when what was hit serves with the others again. */
const serverFaults = (one: (random: () => number) => MariadbProcess, whole: () => Promise<void>): ServerFault[] => [
  {
    kind: 'database killed',
    weight: 2,
    befall: (random) => told(one(random), async (server) => void (await dieAndReturn(server, random), await whole())),
  },
  {
    kind: 'database paused',
    weight: 2,
    befall: (random) => told(one(random), async (server) => void (await standStill(server, random), await whole())),
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

import { execFile } from 'node:child_process';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { freePort } from '../../simulation/free-port.js';
import { MariadbProcess } from './mariadb-process.js';
import { until } from './until.js';

const PROVIDER = '/usr/lib/galera/libgalera_smm.so';
/** A server that says nothing for so long is taken for gone; 5 s by default. */
const SUSPECT = 'PT2S';
const WHOLE_WITHIN_MS = 60_000;
/** rsync's server hands root's rights away before it writes: the one who runs it is to be another one from the beginning. */
const USER = process.getuid?.() === 0 ? 'mysql' : undefined;

/** Real MariaDB servers that are one Galera cluster: what is committed on one is on all. */
export class GaleraCluster {
  private databases = 0;

  private constructor(readonly servers: readonly MariadbProcess[]) {}

  static async started(of = 3): Promise<GaleraCluster> {
    const ports = await Promise.all(Array.from({ length: of }, () => freePort()));
    const members = ports.map((port) => `127.0.0.1:${port}`).join(',');
    const servers = await Promise.all(
      ports.map(async (port, n) => MariadbProcess.create({ options: await optionsOf(n, port, members) })),
    );
    const [first, ...others] = servers as [MariadbProcess, ...MariadbProcess[]];
    for (const other of others) {
      // The first one copies its own there.
      await rm(other.data, { recursive: true });
      await mkdir(other.data);
    }
    if (USER) await handTo(USER, servers);
    const cluster = new GaleraCluster(servers);
    try {
      await first.start(['--wsrep-new-cluster']);
      for (const other of others) await other.start();
      await cluster.whole();
      return cluster;
    } catch (error) {
      await cluster.remove();
      throw error;
    }
  }

  /** The URLs of an empty database, one for each server: with that server first, the others after it. */
  async database(): Promise<string[]> {
    const name = `city_${++this.databases}`;
    await this.servers[0]!.say(`CREATE DATABASE ${name}`);
    const hosts = this.servers.map(({ port }) => `127.0.0.1:${port}`);
    return this.servers.map((server, n) =>
      server.urlOf(name).replace(hosts[n]!, [...hosts.slice(n), ...hosts.slice(0, n)].join(',')),
    );
  }

  /** Cuts one off from the others; resolves when it knows that it has lost them. */
  async isolate(server: MariadbProcess): Promise<void> {
    await server.say(`SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'`);
    await until('it to have lost the others', async () => {
      const [row] = await server.say(`SHOW GLOBAL STATUS LIKE 'wsrep_ready'`);
      return row!.Value === 'OFF';
    });
  }

  async join(server: MariadbProcess): Promise<void> {
    await server.say(`SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'`);
    await this.whole();
  }

  /** Resolves when all of them are one cluster, and serve. */
  async whole(): Promise<void> {
    for (const server of this.servers) {
      await until(
        'the cluster to be whole',
        async () => {
          const rows = await server.say(`SHOW GLOBAL STATUS LIKE 'wsrep%'`);
          const { wsrep_cluster_size: size, wsrep_local_state_comment: state } = Object.fromEntries(
            rows.map(({ Variable_name, Value }) => [String(Variable_name), String(Value)]),
          );
          return size === String(this.servers.length) && state === 'Synced';
        },
        WHOLE_WITHIN_MS,
      );
    }
  }

  async remove(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.remove()));
  }
}

async function handTo(user: string, servers: readonly MariadbProcess[]): Promise<void> {
  // They lie in the run's own folder, which others have to pass through.
  const { TESTS_FOLDER } = process.env;
  if (TESTS_FOLDER) await chmod(TESTS_FOLDER, 0o711);
  for (const { folder } of servers) await promisify(execFile)('chown', ['-R', user, folder]);
}

async function optionsOf(n: number, port: number, members: string): Promise<string[]> {
  const provider = {
    'gmcast.listen_addr': `tcp://127.0.0.1:${port}`,
    'ist.recv_addr': `127.0.0.1:${await freePort()}`,
    'evs.keepalive_period': 'PT0.5S',
    'evs.suspect_timeout': SUSPECT,
    // Kept for servers that were away for a moment.
    'gcache.size': '32M',
  };
  const settings = {
    wsrep_on: 'ON',
    wsrep_provider: PROVIDER,
    wsrep_provider_options: Object.entries(provider)
      .map(([name, value]) => `${name}=${value}`)
      .join(';'),
    wsrep_cluster_name: 'test',
    wsrep_cluster_address: `gcomm://${members}`,
    wsrep_node_address: '127.0.0.1',
    wsrep_node_name: `server-${n + 1}`,
    wsrep_sst_method: 'rsync',
    wsrep_sst_receive_address: `127.0.0.1:${await freePort()}`,
    wsrep_slave_threads: '4',
    binlog_format: 'ROW',
    innodb_autoinc_lock_mode: '2',
    server_id: String(n + 1),
    ...(USER ? { user: USER } : {}),
  };
  return Object.entries(settings).map(([name, value]) => `--${name.replaceAll('_', '-')}=${value}`);
}

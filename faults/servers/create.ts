import type { Profile } from '../options.js';
import { ClusterServers } from './cluster.js';
import { galeraDatabase, oneDatabase } from './databases.js';
import { EmbeddedServers } from './embedded.js';
import type { HubProgram } from './hub-node.js';
import type { Servers } from './servers.js';

/** `nodes`: of the hub, where a profile has more than one. They do not run yet. */
export async function createServers(profile: Profile, program: HubProgram, nodes: number): Promise<Servers> {
  if (profile === 'embedded') return EmbeddedServers.create(program);
  return ClusterServers.create(program, nodes, await (profile === 'galera' ? galeraDatabase() : oneDatabase()));
}

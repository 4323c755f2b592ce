import type { Profile } from '../options.js';
import { ClusterServers } from './cluster.js';
import { EmbeddedServers } from './embedded.js';
import type { HubProgram } from './hub-node.js';
import type { Servers } from './servers.js';

/** `nodes`: of the hub, where a profile has more than one. They do not run yet. */
export const createServers = (profile: Profile, program: HubProgram, nodes: number): Promise<Servers> =>
  profile === 'embedded' ? EmbeddedServers.create(program) : ClusterServers.create(program, nodes);

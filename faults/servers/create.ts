import { Fault } from '../../simulation/fault.js';
import type { Profile } from '../options.js';
import { EmbeddedServers } from './embedded.js';
import type { HubProgram } from './hub-node.js';
import type { Servers } from './servers.js';

/** @throws {Fault} where there is no such profile yet. */
export async function createServers(profile: Profile, program: HubProgram): Promise<Servers> {
  if (profile === 'embedded') return EmbeddedServers.create(program);
  throw new Fault('The cluster profile cannot be tested yet.');
}

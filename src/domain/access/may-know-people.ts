import type { Actor } from '@minqing-hub/client-sdk/protocol';
import type { UnitTree } from '../lists/unit-tree.js';
import { READS } from './may-read-order.js';

/** [I6] Who works in a unit is known to its own people and to those of the units above it, and to nobody by rank alone. */
export function mayKnowPeople(actor: Pick<Actor, 'roles' | 'unitId'>, unitId: string, units: UnitTree): boolean {
  if (actor.unitId === null || !units.get(unitId) || !units.isWithin(unitId, actor.unitId)) return false;
  return actor.roles.some((role) => READS[role] === 'unit');
}

import type { Actor, Role } from '@minqing-hub/client-sdk/protocol';
import type { UnitTree } from '../lists/unit-tree.js';
import type { OrderReaders } from './audience.js';

/** Offices over all whistles; of one that has a confidential order they see what they see of that. [DG4] */
const OFFICES: Partial<Record<Role, 'all' | 'open'>> = {
  system: 'all',
  dispatcher: 'all',
  arbiter: 'all',
  shift_leader: 'all',
  supervisor: 'all',
  petition_officer: 'open',
  district_leader: 'open',
  auditor: 'open',
};

/** Who may come upon a whistle at all: people of units, and the offices. */
export const READS_WHISTLES: readonly Role[] = [
  ...(Object.keys(OFFICES) as Role[]).filter((role) => role !== 'system'),
  'unit_clerk',
  'handler',
  'deputy_leader',
  'principal_leader',
  'street_officer',
  'village_worker',
];

/** [I6] Who takes part in a whistle, as somebody of one of its units or of one below it or by name, and the offices over all. */
export function mayReadWhistle(
  { userId, roles, unitId }: Pick<Actor, 'userId' | 'roles' | 'unitId'>,
  { unitIds, userIds, visibility }: OrderReaders,
  units: UnitTree,
): boolean {
  if (userIds?.includes(userId)) return true;
  if (unitId !== null && unitIds.some((upper) => units.isWithin(unitId, upper))) return true;
  const office = readsWhistles(roles);
  return office === 'all' || (office === 'open' && visibility !== 'confidential');
}

/** Which whistles somebody reads by their office alone; `undefined`: none. */
export function readsWhistles(roles: readonly Role[]): 'all' | 'open' | undefined {
  const offices = roles.map((role) => OFFICES[role]);
  return offices.includes('all') ? 'all' : offices.find((office) => office !== undefined);
}

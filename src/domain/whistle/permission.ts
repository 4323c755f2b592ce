import type { Actor, Role } from '@minqing-hub/client-sdk/protocol';
import type { UnitTree } from '../lists/unit-tree.js';
import { isSummoned, type Participant, type Whistle } from './whistle.js';

/** Whose word a command is: the blower's, the lead's, a summoned unit's own, or that of an office over all whistles. */
export type Side = 'blower' | 'lead' | 'member' | 'office';

/** Roles that read every whistle. */
const READ_ALL: readonly Role[] = [
  'system',
  'dispatcher',
  'arbiter',
  'shift_leader',
  'supervisor',
  'petition_officer',
  'district_leader',
  'auditor',
];

type Who = Pick<Actor, 'userId' | 'roles' | 'unitId'>;

export function actsAs(side: Side, whistle: Whistle, actor: Who, units: UnitTree): boolean {
  switch (side) {
    case 'office':
      return true;
    case 'blower':
      return whistle.blowerUnitId === null ? isOfDesk(actor) : belongsTo(actor, whistle.blowerUnitId, units);
    case 'lead':
      return whistle.taskForce
        ? actor.userId === whistle.taskForce.leaderId
        : whistle.leadUnitId !== null && belongsTo(actor, whistle.leadUnitId, units);
    case 'member':
      return ownPartIn(whistle, actor, units) !== undefined;
  }
}

/** The summoned unit that the actor is of: their own, or the nearest above it. [W3] */
export function ownPartIn(whistle: Whistle, actor: Who, units: UnitTree): Participant | undefined {
  if (actor.unitId === null) return undefined;
  const own = [actor.unitId, ...units.ancestors(actor.unitId).map(({ unitId }) => unitId)];
  for (const unitId of own) {
    const part = whistle.participants.find((one) => one.unitId === unitId && isSummoned(one));
    if (part) return part;
  }
  return undefined;
}

/** Who takes part in it, and the offices over all. */
export const mayReadWhistle = (whistle: Whistle, actor: Who, units: UnitTree): boolean =>
  actor.roles.some((role) => READ_ALL.includes(role)) ||
  (['blower', 'lead', 'member'] as const).some((side) => actsAs(side, whistle, actor, units));

const belongsTo = ({ unitId }: Who, upperId: string, units: UnitTree): boolean =>
  unitId !== null && units.isWithin(unitId, upperId);

const isOfDesk = ({ roles }: Who): boolean => roles.includes('dispatcher') || roles.includes('shift_leader');

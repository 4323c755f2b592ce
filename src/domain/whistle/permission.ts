import type { Actor } from '@minqing-hub/client-sdk/protocol';
import { mayReadWhistle } from '../access/may-read-whistle.js';
import { whistleReaders } from '../access/whistle-audience.js';
import type { UnitTree } from '../lists/unit-tree.js';
import { isSummoned, type Participant, type Whistle } from './whistle.js';

/** Whose word a command is: the blower's, the lead's, a summoned unit's own, or that of an office over all whistles. */
export type Side = 'blower' | 'lead' | 'member' | 'office';

type Who = Pick<Actor, 'userId' | 'roles' | 'unitId'>;

export function actsAs(side: Side, whistle: Whistle, actor: Who, units: UnitTree): boolean {
  switch (side) {
    case 'office':
      return mayRead(whistle, actor, units);
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

export const mayRead = (whistle: Whistle, actor: Who, units: UnitTree): boolean =>
  mayReadWhistle(actor, whistleReaders(whistle), units);

const belongsTo = ({ unitId }: Who, upperId: string, units: UnitTree): boolean =>
  unitId !== null && units.isWithin(unitId, upperId);

const isOfDesk = ({ roles }: Who): boolean => roles.includes('dispatcher') || roles.includes('shift_leader');

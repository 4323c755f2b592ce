import type { Actor, Role } from '@minqing-hub/client-sdk/protocol';
import { ROOMS_OF_ROLE } from '../access/rooms-of-role.js';
import type { UnitTree } from '../lists/unit-tree.js';

/** [KB2] Who may keep articles at all; of which units is asked by `mayKeepArticlesOf`. The hub keeps those of the demo. */
export const ARTICLE_KEEPERS: readonly Role[] = ['list_admin', 'unit_clerk', 'deputy_leader', 'system'];

const ANYWHERE: readonly Role[] = ['list_admin', 'system'];

/** [KB2] List administrators for every unit, a unit's people for their own and those below it. */
export function mayKeepArticlesOf(
  ownerUnitId: string,
  actor: Pick<Actor, 'roles' | 'unitId'>,
  units: UnitTree,
): boolean {
  const keeps = actor.roles.filter((role) => ARTICLE_KEEPERS.includes(role));
  if (keeps.some((role) => ANYWHERE.includes(role))) return true;
  return keeps.length > 0 && actor.unitId !== null && units.isWithin(ownerUnitId, actor.unitId);
}

/** [KB4] The people of the centre and of the units: those who may follow the room in which articles are told. */
export const mayReadArticles = ({ roles }: Pick<Actor, 'roles'>): boolean =>
  roles.some((role) => ROOMS_OF_ROLE[role].includes('knowledge'));

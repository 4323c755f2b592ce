import type { Actor, Role } from '@minqing-hub/client-sdk/protocol';
import type { OrderReaders } from './audience.js';

/**
 * By which right a role reads orders: `all` of them; `open` ones, which are all but the confidential;
 * those of the own `unit`. Roles that are not here read none but what they took down themselves.
 */
export const READS: Partial<Record<Role, 'all' | 'open' | 'unit'>> = {
  system: 'all',
  dispatcher: 'all',
  arbiter: 'all',
  shift_leader: 'all',
  supervisor: 'all',
  agent: 'open',
  follow_up_agent: 'open',
  list_admin: 'open',
  petition_officer: 'open',
  auditor: 'open',
  district_leader: 'open',
  unit_clerk: 'unit',
  handler: 'unit',
  deputy_leader: 'unit',
  principal_leader: 'unit',
  street_officer: 'unit',
  village_worker: 'unit',
};

/** [I6] A confidential order is for its own units, the desk and the supervisors; nobody reads it by rank alone. */
export function mayReadOrder(actor: Pick<Actor, 'userId' | 'roles' | 'unitId'>, readers: OrderReaders): boolean {
  if (readers.userIds?.includes(actor.userId)) return true;
  return actor.roles.some((role) => {
    switch (READS[role]) {
      case 'all':
        return true;
      case 'open':
        return readers.visibility !== 'confidential';
      case 'unit':
        return actor.unitId !== null && readers.unitIds.includes(actor.unitId);
      case undefined:
        return false;
    }
  });
}

/**
 * Whether the actor reads it only because they filed it from outside: a source system, a grid worker, a village worker.
 * They learn what the requester may learn, not what is said inside [I6].
 */
export function readsAsFiler(actor: Pick<Actor, 'userId' | 'roles' | 'unitId'>, readers: OrderReaders): boolean {
  const ofTheCentre = actor.roles.some((role) => READS[role] === 'all' || READS[role] === 'open');
  return !ofTheCentre && !mayReadOrder(actor, { ...readers, userIds: [] });
}

import type { Actor, Role } from '@minqing-hub/client-sdk/protocol';
import { mayReadOrder } from '../access/may-read-order.js';
import { orderReaders } from '../access/order-audience.js';
import type { UnitTree } from '../lists/unit-tree.js';
import type { OrderCommandName } from './order-command.js';
import { leadOf, type Order } from './order.js';
import type { Circumstances } from './situation.js';

/** Roles that act for a unit, and therefore only on what their unit has. */
const FOR_A_UNIT: readonly Role[] = ['unit_clerk', 'handler', 'deputy_leader', 'principal_leader', 'street_officer'];

/** Whether this role of the actor lets them carry out this command on this order, whatever its state. */
export function mayAct(role: Role, command: OrderCommandName, order: Order, given: Circumstances): boolean {
  const { actor, units } = given;
  if (FOR_A_UNIT.includes(role)) {
    const actsFor = unitActedFor(order, actor, units);
    return actsFor === 'lead' || (actsFor === 'first_receiver' && command === 'recordContact');
  }
  if (role === 'village_worker') return liesWithOwnArea(order, actor, units);
  const readers = orderReaders(order, units);
  return mayReadOrder({ ...actor, roles: [role] }, readers) || holdsIt(given);
}

/**
 * For which of the order's units the actor speaks, if any: they belong to it or to one above it.
 * The first receiver speaks until the unit after it has acknowledged [OB3]; a confidential order's without those above it.
 */
export function unitActedFor(order: Order, actor: Actor, units: UnitTree): 'lead' | 'first_receiver' | undefined {
  if (actor.unitId === null) return undefined;
  const lead = leadOf(order);
  if (lead && units.isWithin(lead.unitId, actor.unitId) && orderReaders(order, units).unitIds.includes(actor.unitId)) {
    return 'lead';
  }
  const first = order.firstReceiverUnitId;
  const stillResponsible = lead !== undefined && lead.acknowledgedAt === null && first !== null;
  if (!stillResponsible) return undefined;
  // Of a confidential order the units above learn nothing [DG4].
  const speaks = order.visibility === 'confidential' ? actor.unitId === first : units.isWithin(first, actor.unitId);
  return speaks ? 'first_receiver' : undefined;
}

/** [T2] [T20] What arose in the area of the actor's own unit, or of one above it; of a confidential one nobody learns so. */
export function liesWithOwnArea(order: Order, actor: Actor, units: UnitTree): boolean {
  if (order.visibility === 'confidential') return false;
  const territory = order.areaCode === null ? undefined : units.ofArea(order.areaCode);
  return territory !== undefined && actor.unitId !== null && units.isWithin(territory.unitId, actor.unitId);
}

/** Whoever has it in hand works on it, whoever else may read it: that is how a confidential one gets accepted. */
export const holdsIt = ({ actor, holderSeatId }: Circumstances): boolean =>
  holderSeatId !== null && holderSeatId === actor.seatId;

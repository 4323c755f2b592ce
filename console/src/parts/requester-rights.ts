import type { OrderCard, Role, UnitRow } from '@minqing-hub/client-sdk/protocol';
import { isWithin } from './unit-actions.js';

/** Who talks to requesters wherever the order stands. */
const OF_THE_CENTRE: readonly Role[] = ['agent', 'shift_leader', 'dispatcher', 'follow_up_agent', 'supervisor'];
/** And for the unit that answers them. */
const OF_THE_LEAD: readonly Role[] = ['unit_clerk', 'handler'];

/** Whether it is worth asking for the requester in clear (DG1). The hub decides; this keeps a button off the page that it would refuse. */
export function mayAskForRequester(
  card: Pick<OrderCard, 'leadUnitId'>,
  roles: readonly Role[],
  unitId: string | null,
  units: ReadonlyMap<string, UnitRow>,
): boolean {
  if (roles.some((role) => OF_THE_CENTRE.includes(role))) return true;
  return isWithin(units, card.leadUnitId, unitId) && roles.some((role) => OF_THE_LEAD.includes(role));
}

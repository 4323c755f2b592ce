import type { Role } from '@minqing-hub/client-sdk/protocol';
import { mayReadOrder } from '../access/may-read-order.js';
import { orderReaders } from '../access/order-audience.js';
import type { Order } from './order.js';
import { unitActedFor } from './permission.js';
import type { Circumstances } from './situation.js';

/** Who talks to requesters wherever the order stands; and supervisors, for a reason like everybody [DG1]. */
const OF_THE_CENTRE: readonly Role[] = ['agent', 'shift_leader', 'dispatcher', 'follow_up_agent', 'supervisor'];
/** The lead answers the citizen: assists never contact the requester. */
const OF_THE_LEAD: readonly Role[] = ['unit_clerk', 'handler'];

/** The roles that may be shown a requester's data at all. */
export const MAY_SEE_REQUESTERS: readonly Role[] = [...OF_THE_CENTRE, ...OF_THE_LEAD];

/**
 * How much of who asked the actor may see: all of it (`clear`) who has to speak with them, for a purpose;
 * `masked` who only reads the order; `hidden`: not even that there is such an order [I6].
 */
export function seesRequester(order: Order | null, given: Circumstances): 'clear' | 'masked' | 'hidden' {
  if (!order) return 'hidden';
  const { actor, units, holderSeatId } = given;
  const holdsIt = holderSeatId !== null && holderSeatId === actor.seatId;
  const actsFor = unitActedFor(order, actor, units);
  const reads = mayReadOrder(actor, orderReaders(order, units)) || holdsIt;
  const forTheUnit = actsFor !== undefined && actor.roles.some((role) => OF_THE_LEAD.includes(role));
  // The first receiver calls the requester of an open order even when it is elsewhere by now [OB3].
  if (forTheUnit && (reads || order.visibility !== 'confidential')) return 'clear';
  if (!reads) return 'hidden';
  return actor.roles.some((role) => OF_THE_CENTRE.includes(role)) ? 'clear' : 'masked';
}

import type { Actor } from '@minqing-hub/client-sdk/protocol';
import type { UnitTree } from '../lists/unit-tree.js';
import { SEAT_ROLES } from '../queue/queues-of.js';
import type { OrderReaders } from './audience.js';
import { mayReadOrder, readsAsFiler } from './may-read-order.js';
import { mayReadWhistle } from './may-read-whistle.js';
import { ROOMS_OF_ROLE } from './rooms-of-role.js';

/**
 * Whether the actor may subscribe to a room now [I6]. An order's room is for who may read all of the order,
 * a whistle's for who takes part in it: without `readers` nobody may, so that a room of no order and a forbidden one look the same.
 */
export function mayEnter(actor: Actor, room: string, known: { units: UnitTree; readers?: OrderReaders }): boolean {
  const [kind, id] = split(room);
  if (kind === 'order') {
    const { readers } = known;
    return readers !== undefined && mayReadOrder(actor, readers) && !readsAsFiler(actor, readers);
  }
  if (kind === 'whistle') return known.readers !== undefined && mayReadWhistle(actor, known.readers, known.units);
  // [PS6] Whoever listens there while in training, and still works at a seat.
  if (kind === 'seat' && known.readers?.userIds?.includes(actor.userId)) {
    if (actor.seatId !== undefined && actor.roles.some((role) => SEAT_ROLES.includes(role))) return true;
  }
  return actor.roles.some((role) =>
    ROOMS_OF_ROLE[role].some((pattern) => {
      const [patternKind, which] = split(pattern);
      return patternKind === kind && fits(which, id, kind === 'seat' ? actor.seatId : actor.unitId, known.units);
    }),
  );
}

function fits(
  which: string | undefined,
  id: string | undefined,
  own: string | null | undefined,
  units: UnitTree,
): boolean {
  if (id === undefined || which === undefined) return id === which;
  switch (which) {
    case '*':
      return true;
    case 'own':
      return id === own;
    case 'below':
      return typeof own === 'string' && units.isWithin(id, own);
    default:
      return id === which;
  }
}

function split(room: string): [kind: string, id: string | undefined] {
  const at = room.indexOf(':');
  return at < 0 ? [room, undefined] : [room.slice(0, at), room.slice(at + 1)];
}

import type { Role, RoomName } from '@minqing-hub/client-sdk/protocol';

/**
 * Which rooms a role may enter. `*`: whatever comes last; `own`: the actor's own seat or unit;
 * `below`: the own unit and every unit under it. `order:` rooms are not here: who may read the order may enter.
 */
export type RoomPattern =
  Extract<RoomName, 'floor' | 'lists' | `queue:${string}`> | `${'seat' | 'leader'}:own` | 'unit:below' | `${string}:*`;

const UNIT_PEOPLE: readonly RoomPattern[] = ['unit:below'];
const UNIT_LEADERS: readonly RoomPattern[] = ['unit:below', 'leader:own'];
/** They look at units and intervene elsewhere: entering a room never gives a right to act in it. */
const OVERSEERS: readonly RoomPattern[] = ['supervision:*', 'unit:*'];

export const ROOMS_OF_ROLE: Record<Role, readonly RoomPattern[]> = {
  agent: ['queue:register', 'seat:own'],
  shift_leader: ['queue:register', 'queue:dispatch', 'queue:arbitration', 'floor', 'desk:*', 'seat:*'],
  dispatcher: ['queue:register', 'queue:dispatch', 'desk:*', 'seat:own'],
  arbiter: ['queue:arbitration', 'desk:*', 'seat:own'],
  list_admin: ['lists'],
  unit_clerk: UNIT_PEOPLE,
  handler: UNIT_PEOPLE,
  deputy_leader: UNIT_LEADERS,
  principal_leader: UNIT_LEADERS,
  street_officer: UNIT_PEOPLE,
  village_worker: UNIT_PEOPLE,
  follow_up_agent: ['seat:own'],
  supervisor: OVERSEERS,
  petition_officer: OVERSEERS,
  district_leader: OVERSEERS,
  auditor: OVERSEERS,
  grid_worker: [],
  party_member: [],
  assessor: [],
  policy_admin: [],
  legal_reviewer: [],
  political_legal_officer: [],
  channel_adapter: [],
  system: [],
};

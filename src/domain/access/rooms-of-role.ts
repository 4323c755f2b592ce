import type { QueueId, Role, RoomName } from '@minqing-hub/client-sdk/protocol';

/**
 * Which rooms a role may enter. `*`: whatever comes last; `own`: the actor's own seat or unit;
 * `below`: the own unit and every unit under it. `order:` and `whistle:` rooms are not
 * here: who may read the order, or takes part in the whistle, may enter.
 */
export type RoomPattern =
  | Extract<RoomName, 'floor' | 'lists' | 'knowledge' | 'policy' | `${'queue' | 'head'}:${string}`>
  | `${'seat' | 'leader'}:own`
  | 'unit:below'
  | `${string}:*`;

/** A whole queue, and its counters and first items: who may look at the one may look at the other. */
const queue = <Q extends QueueId>(queueId: Q) => [`queue:${queueId}`, `head:${queueId}`] as const;

const UNIT_PEOPLE: readonly RoomPattern[] = ['unit:below', 'knowledge'];
const UNIT_LEADERS: readonly RoomPattern[] = ['unit:below', 'leader:own', 'knowledge'];
/** They look at units and intervene elsewhere: entering a room never gives a right to act in it. */
const OVERSEERS: readonly RoomPattern[] = ['supervision:*', 'unit:*'];

const OWN_ROOMS: Record<Role, readonly RoomPattern[]> = {
  agent: [...queue('register'), ...queue('callback'), 'seat:own', 'knowledge'],
  shift_leader: [
    ...queue('register'),
    ...queue('dispatch'),
    ...queue('arbitration'),
    ...queue('callback'),
    'floor',
    'desk:*',
    'seat:*',
    'knowledge',
  ],
  dispatcher: [...queue('register'), ...queue('dispatch'), 'desk:*', 'seat:own', 'knowledge'],
  arbiter: [...queue('arbitration'), 'desk:*', 'seat:own', 'knowledge'],
  list_admin: ['lists', 'knowledge'],
  unit_clerk: UNIT_PEOPLE,
  handler: UNIT_PEOPLE,
  deputy_leader: UNIT_LEADERS,
  principal_leader: UNIT_LEADERS,
  street_officer: UNIT_PEOPLE,
  village_worker: UNIT_PEOPLE,
  follow_up_agent: [...queue('callback'), 'seat:own', 'knowledge'],
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

/** What the city has decided is no secret to anybody of the house; programs and the hub itself are not of it. [PC7] */
const NOT_OF_THE_HOUSE: readonly Role[] = ['channel_adapter', 'system'];

export const ROOMS_OF_ROLE = Object.fromEntries(
  Object.entries(OWN_ROOMS).map(([role, rooms]) => [
    role,
    NOT_OF_THE_HOUSE.includes(role as Role) ? rooms : [...rooms, 'policy'],
  ]),
) as Record<Role, readonly RoomPattern[]>;

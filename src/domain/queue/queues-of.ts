import type { QueueId, Role } from '@minqing-hub/client-sdk/protocol';

/** Whose seat serves which queue. [QS4] */
const QUEUES_BY_ROLE: Partial<Record<Role, readonly QueueId[]>> = {
  agent: ['register', 'callback'],
  dispatcher: ['dispatch'],
  arbiter: ['arbitration'],
  follow_up_agent: ['callback'],
};

export const QUEUE_IDS: readonly QueueId[] = ['register', 'dispatch', 'arbitration', 'callback'];

/** Who works at a seat at all. */
export const SEAT_ROLES = Object.keys(QUEUES_BY_ROLE) as Role[];

export function queuesOf(roles: readonly Role[]): QueueId[] {
  return QUEUE_IDS.filter((queueId) => roles.some((role) => QUEUES_BY_ROLE[role]?.includes(queueId)));
}

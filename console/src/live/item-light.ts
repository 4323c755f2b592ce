import type { QueueItemCard } from '@minqing-hub/client-sdk/protocol';

type Due = Pick<QueueItemCard, 'dueAt' | 'amberAt' | 'overdueAt'>;

/**
 * How a piece of work looks at the hub's time `now`: it turns when the hub says so of the clock that it waits by. `none`:
 * only its age counts.
 */
export function lightOfItem({ dueAt, amberAt, overdueAt }: Due, now: number): 'none' | 'ok' | 'amber' | 'overdue' {
  if (dueAt === null) return 'none';
  if (now >= (overdueAt ?? dueAt)) return 'overdue';
  return now >= (amberAt ?? Infinity) ? 'amber' : 'ok';
}

import type { EventLog, Origin } from '../event-log/event-log.js';
import type { Tx } from '../storage/unit-of-work.js';
import type { ListName } from './list-name.js';

/** Who must know that other names and rules hold from now on. Units and the rest pull when they meet an unknown one. */
const TOLD = ['lists', 'floor', 'desk:city', 'queue:register', 'queue:dispatch', 'queue:arbitration'];

/** Told when a version is whole, and once more, if it was for later, when it comes into force: then `effectiveFrom` has passed. */
export async function tellActivated(
  eventLog: EventLog,
  tx: Tx,
  origin: Origin,
  data: { list: ListName; version: number; effectiveFrom: number; hash: string },
): Promise<void> {
  await eventLog.append(tx, origin, [
    {
      subject: `list:${data.list}`,
      type: 'lists.activated',
      at: origin.recordedAt,
      version: data.version,
      data,
      card: null,
      rooms: Object.fromEntries(TOLD.map((room) => [room, 'full' as const])),
    },
  ]);
}

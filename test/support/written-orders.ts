import type { EventLog, NewEvent } from '../../src/event-log/event-log.js';
import type { Tx } from '../../src/storage/unit-of-work.js';

/**
 * As a command of an order does it: its row is locked before its event is written. The row is one of `consumer`, which is
 * only a name and a number.
 */
export async function writeNext(
  tx: Tx,
  eventLog: EventLog,
  orderNo: string,
  rooms: readonly string[],
  { actorId = 'a', commandId = 'c' } = {},
): Promise<void> {
  const name = `order:${orderNo}`;
  await tx.insertIfAbsent('consumer', { name, seq: 0 });
  const { seq } = (await tx.one<{ seq: number }>(`SELECT seq FROM consumer WHERE name = ?${tx.forUpdate}`, [name]))!;
  const version = seq + 1;
  await tx.run('UPDATE consumer SET seq = ? WHERE name = ?', [version, name]);
  const event: NewEvent = {
    subject: `order:${orderNo}`,
    type: 'order.progressed',
    at: 1,
    version,
    data: { orderNo },
    card: { orderNo, version, state: 'handling' } as NewEvent['card'],
    rooms: Object.fromEntries(rooms.map((room) => [room, 'full' as const])),
  };
  await eventLog.append(tx, { actorId, commandId, causationId: null, recordedAt: 1 }, [event]);
}

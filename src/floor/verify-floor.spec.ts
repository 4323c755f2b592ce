import { behindItsBack } from '../../test/support/behind-its-back.js';
import { placeOf } from '../../test/support/profile.js';
import { done, openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import { verifyFloor } from './verify-floor.js';

describe('verifyFloor', () => {
  let bench: QueueBench;
  beforeEach(async () => {
    bench = await openQueueBench();
    const actor = await bench.seat(1);
    bench.sockets.connected(actor);
    done(await bench.presence(actor, 'ready'));
    await bench.seat(2);
    for (const orderNo of ['G1', 'G2', 'G3']) await bench.enqueue(orderNo);
    await bench.settled();
    done(await bench.claim(actor, (await bench.items()).find(({ state }) => state === 'offered')!.orderNo!));
    await bench.enqueue('G4');
    await bench.done('G4');
    await bench.settled();
  });
  afterEach(() => bench.end());

  it('[FL4] [I8] finds nothing where rows and log agree, and says what it has read', async () => {
    expect(await verifyFloor(bench.readModel)).toEqual({ items: 4, seats: 1, findings: 0, first: [] });
  });

  it.each([
    ['who holds an item', `UPDATE queue_item SET seat_id = 'S009' WHERE state = 'claimed'`, 'seatId'],
    ['an item’s turn', `UPDATE queue_item SET at_head = 1 WHERE state = 'queued'`, 'atHead'],
    ['an item that is lost', `DELETE FROM queue_item WHERE state = 'claimed'`, '日志提到而没有记录'],
    ['an item that waits again', `UPDATE queue_item SET state = 'queued' WHERE state = 'claimed'`, '件等待'],
    ['an item that was not done', `UPDATE queue_item SET state = 'done' WHERE state = 'claimed'`, '没有办完的事件'],
    ['an item that was done', `UPDATE queue_item SET state = 'queued' WHERE state = 'done'`, '日志为办完'],
    [
      'an item from nowhere',
      `INSERT INTO queue_item (item_id, queue_id, order_no, open_key, state, revision, critical, at_head, turn, due_order,
       queued_at, grade, visibility) VALUES ('x', 'dispatch', 'x', 'x', 'queued', 1, 0, 0, 3, 9, 9, 'normal', 'public')`,
      '有记录而日志没有提到',
    ],
    ['how much a seat has in hand', 'UPDATE seat SET held = 5', '记录有 5 件'],
    ['a seat’s presence', `UPDATE seat SET presence = 'break'`, '个座席为 break'],
    ['who sits there', `UPDATE seat SET user_id = 'somebody'`, 'userId'],
    ['a seat that is lost', 'DELETE FROM seat', '日志提到而没有记录'],
  ])('[FL4] [I8] finds a change of %s', async (_what, sql, sentence) => {
    await behindItsBack(placeOf(bench.folder), sql);
    const report = await verifyFloor(bench.readModel);
    expect(report.findings).toBeGreaterThan(0);
    expect(report.first.join('\n')).toContain(sentence);
  });
});

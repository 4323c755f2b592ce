import { done, openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';

describe('queues in an outage', () => {
  let bench: QueueBench;
  /** While it is set, no transaction commits after which this query finds a row. */
  let broken: string | undefined;

  beforeEach(async () => {
    bench = await openQueueBench();
    broken = undefined;
    bench.unitOfWork.beforeCommit(async (tx) => {
      if (broken && (await tx.one(broken))) throw new Error('disk full');
    });
  });
  afterEach(() => bench.end());

  it('offers at a later beat what could not be offered, though nothing new happens', async () => {
    const seat = await bench.seat(1);
    bench.sockets.connected(seat);
    done(await bench.presence(seat, 'ready'));
    await bench.settled();
    broken = `SELECT 1 AS found FROM queue_item WHERE state = 'offered'`;
    await bench.enqueue('G1');
    await bench.settled();
    await bench.pass(3_000);
    expect((await bench.item('G1')).state).toBe('queued');
    broken = undefined;
    await bench.pass(1_000);
    expect(await bench.item('G1')).toMatchObject({ state: 'offered', seatId: 'S001' });
  });

  it('[QS8] starts at a later beat the grace that could not be started', async () => {
    const seat = await bench.seat(1);
    bench.sockets.connected(seat);
    done(await bench.presence(seat, 'ready'));
    await bench.settled();
    broken = 'SELECT 1 AS found FROM seat WHERE grace_id IS NOT NULL';
    bench.sockets.gone(seat);
    await bench.settled();
    await bench.pass(2_000);
    expect((await bench.seats())[0]).toMatchObject({ graceId: null });
    broken = undefined;
    await bench.pass(1_000);
    expect((await bench.seats())[0]!.graceId).not.toBeNull();
    await bench.pass(30_000);
    expect((await bench.seats())[0]).toMatchObject({ presence: 'offline' });
  });

  it('[QS5] [CK3] ends an offer as soon as it can, when it could not at its time', async () => {
    const seat = await bench.seat(1);
    bench.sockets.connected(seat);
    done(await bench.presence(seat, 'ready'));
    await bench.enqueue('G1');
    await bench.settled();
    const { offerId } = await bench.item('G1');
    broken = `SELECT 1 AS found FROM clock WHERE state = 'rung'`;
    await bench.pass(20_000);
    expect(await bench.item('G1')).toMatchObject({ state: 'offered', offerId });
    broken = undefined;
    await bench.pass(1_000);
    const expired = bench.events.filter(({ type }) => type === 'queue.item_expired');
    expect(expired).toHaveLength(1);
    expect((await bench.item('G1')).offerId).not.toBe(offerId);
  });
});

import { PROFILE } from '../../test/support/profile.js';
import { codeOf, done, openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import { until } from '../../test/support/until.js';
import type { Actor, QueueItemCard } from '@minqing-hub/client-sdk/protocol';
import { ItemStore } from './item-store.js';
import { Matcher } from './matcher.js';

describe('queues and seats', () => {
  let bench: QueueBench;
  beforeEach(async () => {
    bench = await openQueueBench();
  });
  afterEach(() => bench.end());

  /** A ready, connected seat. */
  const ready = async (n: number, ...roles: Actor['roles']): Promise<Actor> => {
    const actor = await bench.seat(n, roles.length ? roles : undefined);
    bench.sockets.connected(actor);
    done(await bench.presence(actor, 'ready'));
    await bench.settled();
    return actor;
  };
  const offered = async (orderNo: string) => {
    const item = await bench.item(orderNo);
    return item.state === 'offered' ? item.seatId : item.state;
  };

  it('[QS5] offers an item to one ready seat, which claims it', async () => {
    const seat = await ready(1);
    await bench.enqueue('G1');
    await bench.settled();
    expect(await offered('G1')).toBe('S001');
    expect((await bench.item('G1')).offerEndsAt).toBe(bench.clock.now() + 15_000);
    const { itemId } = await bench.item('G1');
    expect(done(await bench.claim(seat, 'G1'))).toEqual({ itemId, orderNo: 'G1' });
    expect(await bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S001' });
    await bench.pass(60_000);
    expect(await bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S001' });
    expect(await bench.done('G1')).toEqual({ holder: 'S001' });
    expect((await bench.item('G1')).state).toBe('done');
    expect((await bench.seats())[0]).toMatchObject({ held: 0 });
  });

  it('[QS5] takes an offer back after 15 seconds and makes it to the next seat', async () => {
    const first = await ready(1);
    await bench.pass(1_000);
    await ready(2);
    await bench.enqueue('G1');
    await bench.settled();
    expect(await offered('G1')).toBe('S001');
    await bench.pass(14_999);
    expect(await offered('G1')).toBe('S001');
    await bench.pass(1);
    expect(await offered('G1')).toBe('S002');
    expect(codeOf(await bench.claim(first, 'G1'))).toBe('offer_expired');
    await bench.pass(15_000);
    expect(await offered('G1')).toBe('S001');
    done(await bench.claim(first, 'G1'));
  });

  it('[QS5] refuses a claim at the very end of the offer, rung or not', async () => {
    const seat = await ready(1);
    await bench.enqueue('G1');
    await bench.settled();
    bench.clock.advance(15_000); // no timer runs: the alarm is late
    expect(codeOf(await bench.claim(seat, 'G1'))).toBe('offer_expired');
    expect(await offered('G1')).toBe('S001');
  });

  it('[QS4] offers to seats that serve the queue, the longest idle first', async () => {
    await ready(1, 'agent');
    await bench.pass(1_000);
    await ready(3, 'dispatcher');
    await bench.pass(1_000);
    await ready(2, 'dispatcher');
    await bench.enqueue('G1');
    await bench.settled();
    expect(await offered('G1')).toBe('S003');
    await bench.enqueue('G2');
    await bench.settled();
    expect(await offered('G2')).toBe('S002');
    await bench.enqueue('G3');
    await bench.settled();
    expect(await offered('G3')).toBe('queued');
    await bench.enqueue('G4', { queueId: 'register' });
    await bench.settled();
    expect(await offered('G4')).toBe('S001');
  });

  it('[QS4] offers a seat no more than its capacity', async () => {
    await bench.end();
    bench = await openQueueBench({ policy: { 'seat.capacity': 2 } });
    await ready(1);
    for (const orderNo of ['G1', 'G2', 'G3']) await bench.enqueue(orderNo);
    await bench.settled();
    expect((await Promise.all(['G1', 'G2', 'G3'].map(offered))).sort()).toEqual(['S001', 'S001', 'queued']);
  });

  it('[QS1] offers critical work first, then what falls due earliest, then the oldest', async () => {
    const now = bench.clock.now();
    await bench.enqueue('old');
    await bench.pass(1);
    await bench.enqueue('young');
    await bench.enqueue('due late', { dueAt: now + 9_000_000 });
    await bench.enqueue('due soon', { dueAt: now + 1_000_000 });
    await bench.enqueue('critical', { critical: true });
    const order: (string | null)[] = [];
    for (let n = 1; n <= 5; n++) {
      await ready(n);
      const [newest] = (await bench.items()).filter(({ seatId }) => seatId === `S00${n}`);
      order.push(newest!.orderNo);
    }
    expect(order).toEqual(['critical', 'due soon', 'old', 'young', 'due late']);
  });

  it('[QS2] puts a returned item at the head, behind critical ones only', async () => {
    const now = bench.clock.now();
    const first = await ready(1);
    await bench.enqueue('returned', { dueAt: now + 9_000_000 });
    await bench.settled();
    done(await bench.claim(first, 'returned'));
    await bench.enqueue('due sooner', { dueAt: now + 1_000 });
    await bench.enqueue('critical', { critical: true });
    const { queuedAt } = await bench.item('returned');
    done(await bench.presence(first, 'busy'));
    done(await bench.giveBack(first, 'returned'));
    expect(await bench.item('returned')).toMatchObject({ state: 'queued', seatId: null, queuedAt });
    await ready(2);
    await ready(3);
    await ready(4);
    expect(await Promise.all(['critical', 'returned', 'due sooner'].map(offered))).toEqual(['S002', 'S003', 'S004']);
  });

  it('[QS3] keeps one open item for an order and a queue, and makes a new one after it was done', async () => {
    await bench.enqueue('G1');
    await bench.enqueue('G1');
    await bench.enqueue('G1', { queueId: 'arbitration' });
    expect(await bench.items()).toHaveLength(2);
    await bench.done('G1');
    await bench.done('G1');
    await bench.enqueue('G1');
    const states = (await bench.items()).map(({ queueId, state }) => `${queueId} ${state}`).sort();
    expect(states).toEqual(['arbitration queued', 'dispatch done', 'dispatch queued']);
  });

  it('[QS3] tells who is too late that another one has it', async () => {
    const [first, second] = [await ready(1), await ready(2)];
    await bench.enqueue('G1');
    await bench.settled();
    expect(codeOf(await bench.claim(second, 'G1'))).toBe('item_held_by_other');
    expect(codeOf(await bench.giveBack(second, 'G1'))).toBe('item_held_by_other');
    done(await bench.claim(first, 'G1'));
    expect(codeOf(await bench.claim(second, 'G1'))).toBe('item_held_by_other');
    done(await bench.claim(first, 'G1'));
    await bench.done('G1');
    expect(codeOf(await bench.claim(first, 'G1'))).toBe('item_not_found');
    expect(codeOf(await bench.giveBack(first, 'G1'))).toBe('item_not_found');
  });

  it('[QS3] [I4] tells so without waiting for whoever is at work with the item', async () => {
    const [first, second] = [await ready(1), await ready(2)];
    await bench.enqueue('G1');
    await bench.settled();
    done(await bench.claim(first, 'G1'));
    const { itemId } = await bench.item('G1');
    const claim = async () => codeOf(await bench.claim(second, 'G1'));
    const told = await bench.unitOfWork.run(async (tx) => {
      await bench.get(ItemStore).lock(tx, itemId);
      // Where there is one writer, whoever comes waits for a turn, and for no item.
      return PROFILE === 'embedded' ? undefined : claim();
    });
    expect(told ?? (await claim())).toBe('item_held_by_other');
  });

  it('[QS6] lets an idle seat take what waits in its queue, and no other seat', async () => {
    const seat = await bench.seat(1, ['dispatcher']);
    const agent = await bench.seat(2, ['agent']);
    await bench.enqueue('G1');
    await bench.enqueue('G2');
    expect(codeOf(await bench.claim(seat, 'G1'))).toBe('seat_not_ready');
    expect(codeOf(await bench.claim(agent, 'G1'))).toBe('item_not_found');
    expect(codeOf(await bench.giveBack(seat, 'G1'))).toBe('not_offered_to_seat');
    // No offer comes between.
    await bench.get(Matcher).beforeApplicationShutdown();
    done(await bench.presence(seat, 'ready'));
    expect(codeOf(await bench.claim(seat, 'G2'))).toBe('ok');
    expect(codeOf(await bench.claim(seat, 'G1'))).toBe('seat_holds_items');
  });

  it('[QS7] takes back from who goes offline everything, from who takes a break the offer', async () => {
    const first = await ready(1);
    await bench.enqueue('G1');
    await bench.settled();
    done(await bench.presence(first, 'break'));
    expect(await bench.item('G1')).toMatchObject({ state: 'queued', atHead: true });
    done(await bench.presence(first, 'ready'));
    await bench.settled();
    done(await bench.claim(first, 'G1'));
    done(await bench.presence(first, 'break'));
    done(await bench.presence(first, 'busy'));
    expect(await bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S001' });
    done(await bench.presence(first, 'offline'));
    expect(await bench.item('G1')).toMatchObject({ state: 'queued', atHead: true });
    expect((await bench.seats())[0]).toMatchObject({ presence: 'offline', held: 0 });
  });

  it('[QS7] gives what one left at a seat back when another one sits down there', async () => {
    const first = await ready(1);
    await bench.enqueue('G1');
    await bench.settled();
    done(await bench.claim(first, 'G1'));
    const next = { ...(await bench.seat(2)), seatId: 'S001' };
    await bench.unitOfWork.run((tx) =>
      tx.run(`UPDATE user_account SET seat_id = 'S001' WHERE user_id = ?`, [next.userId]),
    );
    expect(codeOf(await bench.claim(next, 'G1'))).toBe('no_seat');
    done(await bench.presence(next, 'break'));
    expect(await bench.item('G1')).toMatchObject({ state: 'queued', atHead: true });
    expect((await bench.seats())[0]).toMatchObject({ userId: 'user002', presence: 'break', held: 0 });
    expect(codeOf(await bench.giveBack(first, 'G1'))).toBe('no_seat');
  });

  it('[QS9] lets a present seat hold what it brings, beyond its capacity, and an absent one not', async () => {
    const seat = await ready(1);
    await bench.enqueue('G1', { claimedBy: 'S001', queueId: 'register' }, seat);
    await bench.enqueue('G2', { claimedBy: 'S001', queueId: 'register' }, seat);
    expect(await bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S001' });
    expect(await bench.item('G2')).toMatchObject({ state: 'claimed', seatId: 'S001' });
    await bench.enqueue('G3');
    await bench.settled();
    expect(await offered('G3')).toBe('queued');
    const absent = await bench.seat(2);
    await bench.enqueue('G4', { claimedBy: 'S002', queueId: 'register' }, absent);
    expect((await bench.item('G4')).state).toBe('queued');
    await bench.enqueue('G5', { claimedBy: 'S001', queueId: 'register' }, absent);
    expect((await bench.item('G5')).state).toBe('queued');
  });

  describe('lost sockets', () => {
    it('[QS8] takes a seat for lost 30 seconds after its last socket went, and gives its work back', async () => {
      const seat = await ready(1);
      await bench.enqueue('G1');
      await bench.settled();
      done(await bench.claim(seat, 'G1'));
      await bench.pass(5_000);
      bench.sockets.gone(seat);
      await bench.settled();
      await bench.pass(29_999);
      expect((await bench.seats())[0]).toMatchObject({ presence: 'ready' });
      await bench.pass(1);
      expect((await bench.seats())[0]).toMatchObject({ presence: 'offline', held: 0, graceId: null });
      expect(await bench.item('G1')).toMatchObject({ state: 'queued', atHead: true });
      const lost = bench.events.filter(
        ({ type, data }) => type === 'seat.presence_changed' && data.cause === 'seat_lost',
      );
      expect(lost).toHaveLength(1);
      expect(lost[0]!.actorId).toBe('system');
    });

    it('[QS8] forgets the loss when the user comes back in time, however often', async () => {
      const seat = await ready(1);
      for (let i = 0; i < 3; i++) {
        bench.sockets.gone(seat);
        await bench.settled();
        await bench.pass(29_000);
        bench.sockets.connected(seat);
        await bench.settled();
      }
      bench.sockets.gone(seat);
      bench.sockets.connected(seat);
      bench.sockets.gone(seat);
      bench.sockets.connected(seat);
      await bench.settled();
      await bench.pass(120_000);
      expect((await bench.seats())[0]).toMatchObject({ presence: 'ready', graceId: null });
    });

    it('[QS8] waits no longer for a presence that was set without a socket', async () => {
      const seat = await bench.seat(1);
      done(await bench.presence(seat, 'ready'));
      await bench.settled();
      await bench.pass(30_000);
      expect((await bench.seats())[0]).toMatchObject({ presence: 'offline' });
    });

    it('[QS8] counts from the moment the hub serves again, not while it was off', async () => {
      const seats = [await ready(1), await ready(2), await ready(3)];
      bench.sockets.gone(seats[0]!);
      await bench.settled();
      await bench.pass(20_000);
      await bench.stop();
      bench.clock.advance(3_600_000);
      bench = await openQueueBench({ folder: bench.folder, clock: bench.clock });
      await bench.pass(10_000);
      bench.sockets.connected(seats[1]!);
      await bench.pass(19_999);
      expect((await bench.seats()).map(({ presence }) => presence)).toEqual(['ready', 'ready', 'ready']);
      await bench.pass(1);
      expect((await bench.seats()).map(({ presence }) => presence)).toEqual(['offline', 'ready', 'offline']);
    });
  });

  it('[CK5] ends an offer that ran out while the hub was off, and makes it anew', async () => {
    await ready(1);
    await bench.enqueue('G1');
    await bench.settled();
    const { offerId } = await bench.item('G1');
    await bench.stop();
    bench.clock.advance(3_600_000);
    bench = await openQueueBench({ folder: bench.folder, clock: bench.clock });
    const item = await bench.item('G1');
    expect(item).toMatchObject({ state: 'offered', seatId: 'S001', offerEndsAt: bench.clock.now() + 15_000 });
    expect(item.offerId).not.toBe(offerId);
    expect(bench.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['queue.item_expired']));
  });

  it('[QS4] takes from a seat what its user may no longer serve', async () => {
    const seat = await ready(1);
    await bench.enqueue('G1');
    await bench.settled();
    done(await bench.claim(seat, 'G1'));
    await bench.enqueue('G2', { queueId: 'register', claimedBy: 'S001' }, seat);
    await bench.seat(1, ['agent']);
    await until('the change of rights has reached the seat', async () => (await bench.seats())[0]!.queues.length === 2);
    expect(await bench.item('G1')).toMatchObject({ state: 'queued', atHead: true });
    expect(await bench.item('G2')).toMatchObject({ state: 'claimed', seatId: 'S001' });
    expect((await bench.seats())[0]).toMatchObject({ presence: 'ready', queues: ['register', 'callback'], held: 1 });
    await bench.seat(1, ['handler']);
    await until('the change of rights has reached the seat', async () => (await bench.seats())[0]!.queues.length === 0);
    expect((await bench.seats())[0]).toMatchObject({ presence: 'offline', queues: [], held: 0 });
  });

  it('refuses who has no seat, a presence that is none, and commands of the hub itself', async () => {
    const seat = await bench.seat(1);
    await bench.unitOfWork.run((tx) => tx.run('UPDATE user_account SET seat_id = NULL'));
    expect(codeOf(await bench.presence(seat, 'ready'))).toBe('no_seat');
    expect(codeOf(await bench.command(seat, 'setPresence', { presence: 'asleep' }))).toBe('payload_invalid');
    expect(codeOf(await bench.command(seat, 'claimItem', { itemId: 'G1' }))).toBe('payload_invalid');
    for (const [name, payload] of Object.entries({
      offerItems: {},
      tellSockets: {
        nodeId: '00000000-0000-4000-8000-000000000000',
        userId: 'user001',
        connected: true,
        wasThere: false,
      },
      endWrapUp: { seatId: 'S001', clockId: 'presence:1' },
      loseSeat: { seatId: 'S001', graceId: 'grace:1' },
      reviewSeats: { userId: 'user001' },
    })) {
      expect(codeOf(await bench.command(seat, name, payload))).toBe('forbidden');
    }
  });

  it('tells rooms what they may see: the seat all, the queue a stub of what is confidential', async () => {
    const seat = await ready(1);
    await bench.enqueue('open');
    await bench.settled();
    done(await bench.claim(seat, 'open'));
    await bench.done('open');
    await bench.enqueue('secret', { visibility: 'confidential' });
    await bench.settled();
    const of = (orderNo: string) =>
      bench.events
        .filter(({ data }) => data.orderNo === orderNo)
        .map(({ type, audience }) => [
          type,
          ...Object.entries(audience.rooms).map(([r, e]) => `${r} ${e.op} ${e.view}`),
        ]);
    expect(of('open')).toEqual([
      ['queue.item_queued', 'queue:dispatch enter full'],
      ['queue.item_offered', 'queue:dispatch change full', 'seat:S001 enter full'],
      ['queue.item_claimed', 'queue:dispatch change full', 'seat:S001 change full'],
      ['queue.item_done', 'queue:dispatch gone full', 'seat:S001 gone full'],
    ]);
    expect(of('secret')).toEqual([
      ['queue.item_queued', 'queue:dispatch enter stub'],
      ['queue.item_offered', 'queue:dispatch change stub', 'seat:S001 enter full'],
    ]);
    const presence = bench.events.find(({ type }) => type === 'seat.presence_changed')!;
    expect(Object.keys(presence.audience.rooms).sort()).toEqual(['floor', 'seat:S001']);
    expect(presence.card).toMatchObject({ seatId: 'S001', userId: 'user001', presence: 'ready' });
    expect(presence.card).not.toHaveProperty('graceId');
    const card = bench.events.find(({ type }) => type === 'queue.item_offered')!.card as QueueItemCard;
    expect(card).toMatchObject({ state: 'offered', seatId: 'S001' });
    expect(card).not.toHaveProperty('offerId');
  });

  it('keeps the words of a return with the item, out of the log', async () => {
    const seat = await ready(1);
    await bench.enqueue('G1');
    await bench.settled();
    const { itemId } = await bench.item('G1');
    done(await bench.command(seat, 'returnItem', { itemId, reason: '需要方言座席' }));
    await bench.settled();
    expect(JSON.stringify(bench.events)).not.toContain('方言');
    const row = await bench.readModel.run((tx) =>
      tx.one<{ return_reason: string }>('SELECT return_reason FROM queue_item'),
    );
    expect(row!.return_reason).toBe('需要方言座席');
  });
});

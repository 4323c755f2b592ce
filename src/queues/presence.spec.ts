import { randomUUID } from 'node:crypto';
import type { Actor, Presence } from '@minqing-hub/client-sdk/protocol';
import { addNode, passOn, settledOn, type TestNode } from '../../test/support/hub-nodes.js';
import { PROFILE } from '../../test/support/profile.js';
import { codeOf, done, openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import type { CommandContext } from '../commands/command-handler.js';
import { SYSTEM } from '../identity/actor.js';
import { SeatLedger } from './seat-ledger.js';
import { SocketStore } from './socket-store.js';

describe('presence', () => {
  let bench: QueueBench;
  let nodes: TestNode[];
  beforeEach(async () => {
    nodes = [];
    bench = await openQueueBench({ oneOfSeveral: true });
  });
  afterEach(async () => {
    for (const node of nodes) node.die();
    await bench.end();
  });

  const node = async (): Promise<TestNode> => {
    const added = await addNode(bench);
    nodes.push(added);
    return added;
  };
  const pass = (ms: number) => passOn(bench, nodes, ms);
  const settled = () => settledOn(bench, nodes);

  const ready = async (n: number, ...roles: Actor['roles']): Promise<Actor> => {
    const actor = await bench.seat(n, roles.length ? roles : undefined);
    bench.sockets.connected(actor);
    done(await bench.presence(actor, 'ready'));
    await bench.settled();
    return actor;
  };
  const seat = async (n: number) => (await bench.seats()).find(({ seatId }) => seatId === `S00${n}`)!;
  const told = (type: string) => bench.events.filter((event) => event.type === type).map(({ data }) => data);
  const set = (actor: Actor, presence: Presence, listenTo?: string) =>
    bench.command(actor, 'setPresence', { presence, ...(listenTo ? { listenTo } : {}) });
  /** As a command of another feature would do it. */
  const inCommand = <T>(work: (ledger: SeatLedger, context: CommandContext) => Promise<T>): Promise<T> =>
    bench.unitOfWork.run((tx) => {
      const now = bench.clock.now();
      const origin = { actorId: SYSTEM.userId, commandId: randomUUID(), causationId: null, recordedAt: now };
      return work(bench.get(SeatLedger), { tx, actor: SYSTEM, now, origin, repeated: false });
    });

  it('[PS1] follows its table, and the same again is no change', async () => {
    const actor = await ready(1);
    done(await set(actor, 'break'));
    const refused = await set(actor, 'wrap_up');
    expect(refused).toMatchObject({ ok: false, error: { code: 'presence_order', field: 'presence', clause: 'PS1' } });
    expect(await seat(1)).toMatchObject({ presence: 'break' });
    await settled();
    const before = told('seat.presence_changed').length;
    done(await set(actor, 'break'));
    await settled();
    expect(told('seat.presence_changed')).toHaveLength(before);
    done(await set(actor, 'busy'));
    expect(codeOf(await set(actor, 'training'))).toBe('presence_order');
    done(await set(actor, 'offline'));
    expect(codeOf(await set(actor, 'wrap_up'))).toBe('presence_order');
  });

  it('[PS2] signs on who becomes present, and off who goes', async () => {
    const actor = await ready(1);
    const at = bench.clock.now();
    expect(await seat(1)).toMatchObject({ signedOnAt: at, shiftId: null, taken: 0 });
    await pass(1_000);
    done(await set(actor, 'break'));
    expect(await seat(1)).toMatchObject({ signedOnAt: at });
    done(await set(actor, 'offline'));
    done(await set(actor, 'offline'));
    expect(await seat(1)).toMatchObject({ signedOnAt: null, presence: 'offline' });
    await settled();
    expect(told('seat.shift_started')).toEqual([
      { seatId: 'S001', userId: actor.userId, shiftId: null, shiftEndsAt: null },
    ]);
    expect(told('seat.shift_ended')).toEqual([
      { seatId: 'S001', userId: actor.userId, shiftId: null, signedOnAt: at, cause: 'signed_off' },
    ]);
  });

  it('[PS2] keeps shift and work of a seat that its roster signs on, until it leaves', async () => {
    const actor = await bench.seat(1);
    bench.sockets.connected(actor);
    const { userId, roles } = actor;
    const shift = { shiftId: 'A-20260301', endsAt: bench.clock.now() + 8 * 3_600_000 };
    const at = await inCommand((ledger, context) => ledger.sitDown(context, { seatId: 'S001', userId, roles, shift }));
    expect(at).toMatchObject({ presence: 'busy', shiftId: shift.shiftId, shiftEndsAt: shift.endsAt });
    await settled();
    expect(await inCommand((ledger, context) => ledger.seatOfUser(context, userId))).toMatchObject({
      seatId: 'S001',
      connected: true,
    });
    await inCommand((ledger, context) => ledger.extendShift(context, 'S001', shift.endsAt + 60_000));
    expect(await seat(1)).toMatchObject({ shiftEndsAt: shift.endsAt + 60_000 });
    await inCommand((ledger, context) => ledger.leave(context, 'S001', 'shift_ended'));
    await inCommand((ledger, context) => ledger.leave(context, 'S001', 'shift_ended'));
    await settled();
    expect(await seat(1)).toMatchObject({ presence: 'offline', shiftId: null, shiftEndsAt: null });
    expect(told('seat.shift_extended')).toHaveLength(1);
    expect(told('seat.shift_ended')).toMatchObject([{ shiftId: shift.shiftId, cause: 'shift_ended' }]);
    expect(await inCommand((ledger, context) => ledger.seatOfUser(context, userId))).toBeUndefined();
    const refused = await inCommand((ledger, context) => ledger.setPresence(context, 'S001', 'ready'));
    expect(refused).toMatchObject({ ok: false, error: { code: 'not_signed_on' } });
  });

  describe('wrap-up', () => {
    it('[PS3] ends by itself after 60 seconds, and the seat is offered work again', async () => {
      const actor = await ready(1);
      done(await set(actor, 'busy'));
      done(await set(actor, 'wrap_up'));
      const until = bench.clock.now() + 60_000;
      expect(await seat(1)).toMatchObject({ presence: 'wrap_up', presenceUntil: until });
      await bench.enqueue('G1');
      await pass(30_000);
      done(await set(actor, 'wrap_up')); // no more time for who asks again
      expect(await seat(1)).toMatchObject({ presenceUntil: until });
      await pass(29_999);
      expect((await bench.item('G1')).state).toBe('queued');
      await pass(1);
      expect(await seat(1)).toMatchObject({ presence: 'ready', presenceUntil: null });
      expect(await bench.item('G1')).toMatchObject({ state: 'offered', seatId: 'S001' });
      expect(told('seat.presence_changed').at(-1)).toMatchObject({ presence: 'ready', cause: 'wrap_up_over' });
    });

    it('[PS3] ends early when its seat says so, and its clock with it', async () => {
      const actor = await ready(1);
      for (const next of ['ready', 'busy', 'break', 'offline'] as const) {
        done(await set(actor, 'ready'));
        done(await set(actor, 'wrap_up'));
        await pass(10_000);
        done(await set(actor, next));
        await pass(70_000);
        expect(await seat(1)).toMatchObject({ presence: next, presenceUntil: null });
      }
      expect(told('seat.presence_changed').filter(({ cause }) => cause === 'wrap_up_over')).toEqual([]);
    });

    it('[PS3] [QS7] keeps what is in hand', async () => {
      const actor = await ready(1);
      await bench.enqueue('G1');
      await settled();
      done(await bench.claim(actor, 'G1'));
      done(await set(actor, 'wrap_up'));
      await pass(60_000);
      expect(await bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S001' });
    });
  });

  describe('on several nodes', () => {
    it('[PS4] [QS8] is there while any tab is, on any node', async () => {
      const [a, b] = [await node(), await node()];
      const actor = await bench.seat(1);
      a.sockets.connected(actor);
      b.sockets.connected(actor);
      done(await set(actor, 'ready'));
      await settled();
      a.sockets.gone(actor);
      await pass(60_000);
      expect(await seat(1)).toMatchObject({ presence: 'ready', graceId: null });
      b.sockets.gone(actor);
      await settled();
      expect((await seat(1)).graceId).not.toBeNull();
      await pass(29_000);
      a.sockets.connected(actor);
      await settled();
      expect((await seat(1)).graceId).toBeNull();
      a.sockets.gone(actor);
      await settled();
      await pass(30_000);
      expect(await seat(1)).toMatchObject({ presence: 'offline' });
    });

    it('[PS4] is waited for from the end of the lease of a node that died', async () => {
      const [a, b] = [await node(), await node()];
      const [one, two] = [await bench.seat(1), await bench.seat(2)];
      a.sockets.connected(one);
      a.sockets.connected(two);
      b.sockets.connected(two);
      done(await set(one, 'ready'));
      done(await set(two, 'ready'));
      await settled();
      a.die();
      await pass(9_000);
      expect(await seat(1)).toMatchObject({ presence: 'ready', graceId: null });
      await pass(6_000);
      expect((await seat(1)).graceId).not.toBeNull();
      await pass(29_999);
      expect((await seat(1)).presence).toBe('ready');
      await pass(1);
      expect((await seat(1)).presence).toBe('offline');
      expect(await seat(2)).toMatchObject({ presence: 'ready', graceId: null });
    });

    it('[PS4] is waited for when its node died in the moment in which another one took it for dead', async () => {
      const [a] = [await node(), await node()];
      const actor = await bench.seat(1);
      a.sockets.connected(actor);
      done(await set(actor, 'ready'));
      await settled();
      // Two database servers that meet only at the commit let the one tell of a socket while the other frees its node.
      await bench.unitOfWork.run((tx) => tx.run('DELETE FROM hub_node WHERE node_id = ?', [a.id]));
      a.die();
      await pass(16_000);
      expect((await seat(1)).graceId).not.toBeNull();
      await pass(30_000);
      expect((await seat(1)).presence).toBe('offline');
    });

    it('[PS4] is there again when a node comes back that was taken for dead', async () => {
      const a = await node();
      const actor = await bench.seat(1);
      a.sockets.connected(actor);
      done(await set(actor, 'ready'));
      await settled();
      // As a node that hung for longer than its lease finds itself: forgotten, with all its sockets.
      await bench.unitOfWork.run((tx) => bench.get(SocketStore).end(tx, a.id));
      await bench.unitOfWork.run((tx) => tx.run('UPDATE hub_node SET lease_until = 0'));
      await pass(2_000);
      expect(await seat(1)).toMatchObject({ presence: 'ready', graceId: null });
      await pass(60_000);
      expect(await seat(1)).toMatchObject({ presence: 'ready', graceId: null });
    });

    it('[PS4] is lost at once where a node says goodbye, and its time runs', async () => {
      const a = await node();
      const actor = await bench.seat(1);
      a.sockets.connected(actor);
      done(await set(actor, 'ready'));
      await settled();
      await a.stop();
      nodes = [];
      await pass(1_000);
      expect((await seat(1)).graceId).not.toBeNull();
      await pass(30_000);
      expect((await seat(1)).presence).toBe('offline');
    });

    it('[QS8] is not given more time because one of several nodes has just begun to serve', async () => {
      const a = await node();
      const actor = await bench.seat(1);
      await pass(60_000);
      a.sockets.connected(actor);
      done(await set(actor, 'ready'));
      await settled();
      a.sockets.gone(actor);
      await settled();
      await pass(20_000);
      await node();
      await pass(10_000);
      expect((await seat(1)).presence).toBe('offline');
    });
  });

  it('[QS8] waits anew for who was back for a moment only', async () => {
    const actor = await ready(1);
    bench.sockets.gone(actor);
    await pass(20_000);
    bench.sockets.connected(actor);
    bench.sockets.gone(actor);
    await pass(29_999);
    expect((await seat(1)).presence).toBe('ready');
    await pass(1);
    expect((await seat(1)).presence).toBe('offline');
  });

  it('[QS8] counts from serving when the hub was killed a moment ago, with its lease still running', async () => {
    await bench.end();
    bench = await openQueueBench();
    const actor = await ready(1);
    await bench.unitOfWork.run((tx) =>
      tx.insert('hub_node', { node_id: randomUUID(), serving_since: 0, lease_until: bench.clock.now() + 14_000 }),
    );
    const killed = await bench.readModel.run((tx) => tx.all<{ node_id: string }>('SELECT node_id FROM hub_node'));
    await bench.unitOfWork.run((tx) => tx.run('UPDATE seat_socket SET node_id = ?', [killed[0]!.node_id]));
    bench.clock.advance(2_000);
    const folder = bench.folder;
    const rows = await bench.readModel.run((tx) => tx.all('SELECT * FROM seat_socket'));
    await bench.stop();
    expect(rows).toHaveLength(1);
    bench = await openQueueBench({ folder, clock: bench.clock });
    await bench.pass(29_999);
    expect(await seat(1)).toMatchObject({ userId: actor.userId, presence: 'ready' });
    await bench.pass(1);
    expect(await seat(1)).toMatchObject({ presence: 'offline' });
  });

  describe('taking over', () => {
    const sit = (actor: Actor, seatId: string) =>
      inCommand((ledger, context) =>
        ledger.sitDown(context, { seatId, userId: actor.userId, roles: actor.roles, shift: null, presence: 'ready' }),
      );

    it('[PS5] tells who was there that another one is, and gives what they had back', async () => {
      const first = await ready(1);
      await bench.enqueue('G1');
      await settled();
      done(await bench.claim(first, 'G1'));
      const second = await bench.seat(2);
      bench.sockets.connected(second);
      await sit(second, 'S001');
      await settled();
      expect(await seat(1)).toMatchObject({ userId: second.userId, presence: 'ready', skills: [] });
      const since = bench.events.findIndex(({ type }) => type === 'seat.shift_ended');
      const after = bench.events.slice(since - 1, since + 3);
      expect(after.map(({ type }) => type)).toEqual([
        'queue.item_returned',
        'seat.shift_ended',
        'seat.shift_started',
        'seat.presence_changed',
      ]);
      expect(after[0]!.data).toMatchObject({ cause: 'taken_over' });
      expect(after[1]!.data).toMatchObject({ userId: first.userId, by: second.userId, cause: 'taken_over' });
      expect(Object.keys(after[1]!.audience.rooms).sort()).toEqual(['floor', 'seat:S001']);
    });

    it('[PS5] [PS8] takes along to another seat what one has claimed, and the shift with it', async () => {
      const actor = await ready(1);
      const begun = bench.clock.now();
      await bench.enqueue('G1');
      await settled();
      done(await bench.claim(actor, 'G1'));
      await pass(5_000);
      await sit(actor, 'S009');
      await settled();
      const [one, nine] = [await seat(1), await seat(9)];
      expect(one).toMatchObject({ presence: 'offline', held: 0, signedOnAt: null });
      expect(nine).toMatchObject({ presence: 'ready', held: 1, signedOnAt: begun, userId: actor.userId });
      expect(await bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S009' });
      expect(told('queue.item_claimed').at(-1)).toMatchObject({ how: 'handed_over', from: 'S001' });
      expect(told('seat.shift_ended')).toMatchObject([{ seatId: 'S001', cause: 'moved' }]);
    });

    it('[PS8] hands claimed work to a seat that serves its queue, all else goes to the head', async () => {
      const first = await ready(1);
      await bench.enqueue('mine');
      await settled();
      done(await bench.claim(first, 'mine'));
      await bench.enqueue('not for them', { queueId: 'register', claimedBy: 'S001' }, first);
      await ready(2, 'dispatcher');
      await inCommand((ledger, context) => ledger.leave(context, 'S001', 'shift_ended', 'S002'));
      await settled();
      expect(await bench.item('mine')).toMatchObject({ state: 'claimed', seatId: 'S002', atHead: false });
      expect(await bench.item('not for them')).toMatchObject({ state: 'queued', atHead: true });
      expect(await seat(1)).toMatchObject({ held: 0 });
      expect(await seat(2)).toMatchObject({ held: 1 });
      await inCommand((ledger, context) => ledger.leave(context, 'S002', 'shift_ended', 'S001'));
      await settled();
      expect(await bench.item('mine')).toMatchObject({ state: 'queued', atHead: true }); // nobody sits at S001
    });
  });

  describe('training', () => {
    const readersOf = async (seatId: string) => {
      const last = bench.events.filter(({ subject, audience }) => subject === `seat:${seatId}` && audience.readers);
      return last.at(-1)?.audience.readers?.userIds;
    };

    it('[PS6] [I6] listens only where no queue is served that its own roles do not serve', async () => {
      const trainee = await ready(1, 'agent');
      await ready(2, 'dispatcher');
      await ready(3, 'agent', 'arbiter');
      for (const other of ['S002', 'S003']) {
        expect(await set(trainee, 'training', other)).toMatchObject({
          error: { code: 'forbidden', field: 'listenTo', clause: 'PS6' },
        });
      }
      const both = await ready(4, 'agent', 'dispatcher', 'arbiter');
      done(await set(both, 'training', 'S003'));
      await ready(5, 'follow_up_agent');
      done(await set(trainee, 'training', 'S005'));
      expect(await seat(1)).toMatchObject({ presence: 'training', listensTo: 'S005' });
    });

    it('[PS6] is offered nothing, and lets listen to one seat where somebody works', async () => {
      const trainee = await ready(1);
      const worker = await ready(2);
      await ready(3);
      expect(await set(trainee, 'ready', 'S002')).toMatchObject({
        error: { code: 'presence_order', field: 'listenTo' },
      });
      expect(codeOf(await set(trainee, 'training', 'S004'))).toBe('not_signed_on');
      expect(codeOf(await set(trainee, 'training', 'S001'))).toBe('not_signed_on');
      done(await set(trainee, 'training', 'S002'));
      await settled();
      expect(await seat(1)).toMatchObject({ presence: 'training', listensTo: 'S002' });
      expect(told('seat.listening_started')).toEqual([
        { seatId: 'S002', listenerSeatId: 'S001', userId: trainee.userId },
      ]);
      expect(await readersOf('S002')).toEqual([trainee.userId]);
      for (const orderNo of ['G1', 'G2', 'G3']) await bench.enqueue(orderNo);
      await settled();
      expect((await bench.items()).map(({ seatId }) => seatId).sort()).toEqual(['S002', 'S003', null].sort());
      done(await set(trainee, 'training', 'S003'));
      await settled();
      expect([await readersOf('S002'), await readersOf('S003')]).toEqual([[], [trainee.userId]]);
      done(await set(trainee, 'ready'));
      await settled();
      expect(await readersOf('S003')).toEqual([]);
      expect(told('seat.listening_ended')).toMatchObject([
        { seatId: 'S002', cause: 'presence' },
        { seatId: 'S003', cause: 'presence' },
      ]);
      done(await set(worker, 'training'));
      expect(codeOf(await set(trainee, 'training', 'S002'))).toBe('not_signed_on');
    });

    it('[PS6] ends the listening when the other seat is left, and when the listener is lost', async () => {
      const trainee = await ready(1);
      const worker = await ready(2);
      done(await set(trainee, 'training', 'S002'));
      done(await set(worker, 'offline'));
      await settled();
      expect(await seat(1)).toMatchObject({ presence: 'training', listensTo: null });
      expect(told('seat.listening_ended')).toMatchObject([{ seatId: 'S002', cause: 'seat_gone' }]);
      expect(await readersOf('S002')).toEqual([]);
      done(await set(worker, 'ready'));
      done(await set(trainee, 'training', 'S002'));
      bench.sockets.gone(trainee);
      await settled();
      await pass(30_000);
      expect(await seat(1)).toMatchObject({ presence: 'offline', listensTo: null });
      expect(await readersOf('S002')).toEqual([]);
    });

    it('[PS7] nobody listens to confidential work, told before the work comes', async () => {
      const trainee = await ready(1);
      await ready(2);
      done(await set(trainee, 'training', 'S002'));
      await bench.enqueue('open');
      await settled();
      expect(await readersOf('S002')).toEqual([trainee.userId]);
      await bench.done('open');
      await bench.enqueue('secret', { visibility: 'confidential' });
      await settled();
      expect(await bench.item('secret')).toMatchObject({ seatId: 'S002' });
      expect(await seat(1)).toMatchObject({ presence: 'training', listensTo: null });
      const order = bench.events
        .filter(({ type, data }) => type === 'seat.listening_ended' || data.orderNo === 'secret')
        .map(({ type }) => type);
      expect(order).toEqual(['queue.item_queued', 'seat.listening_ended', 'queue.item_offered']);
      expect(await set(trainee, 'training', 'S002')).toMatchObject({
        error: { code: 'presence_order', clause: 'PS7' },
      });
    });
  });

  describe('at the same moment', () => {
    it('[QS5] [I4] a claim and the expiry of an offer have one winner', async () => {
      for (let round = 0; round < 6; round++) {
        await bench.end();
        bench = await openQueueBench();
        const actor = await ready(1);
        await bench.enqueue('G1');
        await settled();
        const { itemId, offerId } = await bench.item('G1');
        bench.clock.advance(round % 2 ? 15_000 : 14_999);
        const expire = () => bench.command(SYSTEM, 'expireOffer', { itemId, offerId });
        const claim = () => bench.command(actor, 'claimItem', { itemId });
        const acts = round % 3 ? [expire, claim] : [claim, expire];
        const [first, second] = await Promise.all(acts.map((act) => act()));
        const [expired, claimed] = round % 3 ? [first!, second!] : [second!, first!];
        const won = { expiry: done<{ expired: boolean }>(expired).expired, claim: claimed.ok };
        // Before the very end only the claim can win, at it only the expiry.
        expect(won).toEqual(round % 2 ? { expiry: true, claim: false } : { expiry: false, claim: true });
        if (round % 2) expect(codeOf(claimed)).toBe('offer_expired');
        expect(codeOf(await claim())).toBe(round % 2 ? 'offer_expired' : 'ok');
      }
    });

    it('[QS7] [I4] a claim by a seat that goes offline holds nothing afterwards, whichever comes first', async () => {
      const actor = await ready(1);
      for (const claimFirst of [true, false]) {
        done(await set(actor, 'ready'));
        const orderNo = `G${claimFirst}`;
        await bench.enqueue(orderNo);
        await settled();
        const { itemId } = await bench.item(orderNo);
        const claim = () => bench.command(actor, 'claimItem', { itemId });
        const acts = claimFirst ? [claim, () => set(actor, 'offline')] : [() => set(actor, 'offline'), claim];
        const before = told('queue.item_claimed').length;
        const answers = await Promise.all(acts.map((act) => act()));
        const claimed = codeOf(answers[claimFirst ? 0 : 1]!);
        await settled();
        // It says what became of it. One line of work keeps the order, too.
        expect(claimed).toBe(told('queue.item_claimed').length > before ? 'ok' : 'seat_not_ready');
        if (PROFILE === 'embedded') expect(claimed).toBe(claimFirst ? 'ok' : 'seat_not_ready');
        expect(await bench.item(orderNo)).toMatchObject({ state: 'queued', seatId: null });
        expect(await seat(1)).toMatchObject({ presence: 'offline', held: 0 });
        await bench.done(orderNo);
      }
    });

    it('[QS7] [I4] a claim by a seat that is lost in the same moment holds nothing', async () => {
      const actor = await ready(1);
      await bench.enqueue('G1');
      await settled();
      bench.sockets.gone(actor);
      await settled();
      const { itemId } = await bench.item('G1');
      const { graceId } = await seat(1);
      bench.clock.advance(30_000);
      const [lost, claimed] = await Promise.all([
        bench.command(SYSTEM, 'loseSeat', { seatId: 'S001', graceId }),
        bench.command(actor, 'claimItem', { itemId }),
      ]);
      expect(done<{ lost: boolean }>(lost)).toEqual({ lost: true });
      // What it was offered is over by now, too, should the claim come first.
      expect(['seat_not_ready', 'offer_expired']).toContain(codeOf(claimed));
      await settled();
      expect(told('queue.item_claimed')).toEqual([]);
      expect(await seat(1)).toMatchObject({ presence: 'offline', held: 0 });
      expect((await bench.item('G1')).state).toBe('queued');
    });
  });
});

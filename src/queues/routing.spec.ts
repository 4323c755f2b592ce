import type { Actor, SkillLevel } from '@minqing-hub/client-sdk/protocol';
import { codeOf, done, openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import { until } from '../../test/support/until.js';
import { UserSkills } from '../identity/user-skills.js';
import { OfferPlan } from './offer-plan.js';

describe('routing', () => {
  let bench: QueueBench;
  let leader: Actor;
  beforeEach(async () => {
    bench = await openQueueBench();
    leader = await bench.seat(900, ['shift_leader']);
  });
  afterEach(() => bench.end());

  const reopen = async (policy: Parameters<typeof openQueueBench>[0]) => {
    await bench.end();
    bench = await openQueueBench(policy);
    leader = await bench.seat(900, ['shift_leader']);
  };
  /** A connected seat whose user can this. */
  const signedOn = async (n: number, skills: SkillLevel[] = [], presence: 'ready' | 'busy' = 'ready') => {
    const actor = await bench.seat(n, ['agent', 'dispatcher']);
    if (skills.length) done(await bench.command(leader, 'setSkills', { userId: actor.userId, skills }));
    bench.sockets.connected(actor);
    done(await bench.presence(actor, presence));
    await bench.settled();
    return actor;
  };
  const enqueue = async (orderNo: string, more: Parameters<QueueBench['enqueue']>[1] = {}) => {
    await bench.enqueue(orderNo, { queueId: 'register', ...more });
    await bench.settled();
  };
  const where = async (orderNo: string) => {
    const { state, seatId } = await bench.item(orderNo);
    return seatId === null ? state : `${state} ${seatId}`;
  };
  const seat = async (seatId: string) => (await bench.seats()).find((one) => one.seatId === seatId)!;
  const assign = async (orderNo: string, seatId: string, by = leader) =>
    bench.command(by, 'forceAssign', { itemId: (await bench.item(orderNo)).itemId, seatId });
  const takeBack = async (orderNo: string, by = leader, reason?: string) =>
    bench.command(by, 'takeBack', { itemId: (await bench.item(orderNo)).itemId, reason });
  const told = (orderNo: string) =>
    bench.events
      .filter(({ type, data }) => type.startsWith('queue.') && data.orderNo === orderNo)
      .map(({ type, actorId, data }) =>
        [type.slice('queue.item_'.length), data.seatId, data.how ?? data.cause, actorId].filter(Boolean).join(' '),
      );
  const KEJIA = { skill: 'dialect:kejia', level: 3 };

  describe('skills', () => {
    it('[RT1] [RT2] gives work to who can it, however long others have been idle', async () => {
      await signedOn(1);
      await bench.pass(5_000);
      await signedOn(2, [KEJIA]);
      await enqueue('G1', { dialect: 'kejia' });
      expect((await bench.item('G1')).needs).toEqual([KEJIA]);
      expect(await where('G1')).toBe('offered S002');
      await enqueue('G2');
      expect(await where('G2')).toBe('offered S001');
    });

    it('[RT3] waits for who can it, and asks for less with every half minute', async () => {
      await signedOn(1, [{ skill: 'dialect:kejia', level: 2 }]);
      await signedOn(2, [KEJIA], 'busy');
      await enqueue('G1', { dialect: 'kejia' });
      await bench.pass(29_000);
      expect(await where('G1')).toBe('queued');
      await bench.pass(1_000);
      expect(await where('G1')).toBe('offered S001');
    });

    it('[RT1] looks at once, but not again and again, through much that waits for who is not free', async () => {
      await signedOn(1);
      const able = await signedOn(2, [KEJIA], 'busy');
      const enqueued = Array.from({ length: 1_000 }, (_, i) =>
        bench.enqueue(`G${i}`, { queueId: 'register', dialect: 'kejia' }),
      );
      await Promise.all(enqueued);
      await bench.settled();
      const plan = bench.get(OfferPlan);
      const look = plan.plan.bind(plan);
      let looks = 0;
      plan.plan = (...about) => {
        looks += 1;
        return look(...about);
      };
      const others = await Promise.all(Array.from({ length: 30 }, (_, i) => bench.seat(100 + i, ['arbiter'])));
      for (const other of others) done(await bench.presence(other, 'busy'));
      // Each of them might have been able to do some of it, and none is.
      expect(looks).toBeLessThan(20);
      done(await bench.presence(able, 'ready'));
      await until('it to be offered, without a beat', async () => (await seat('S002')).held === 1);
    });

    it('[RT4] does not wait for what nobody there can do', async () => {
      await signedOn(1, [{ skill: 'dialect:yue', level: 5 }]);
      const gone = await signedOn(2, [KEJIA], 'busy');
      await enqueue('G1', { dialect: 'kejia' });
      expect(await where('G1')).toBe('queued');
      done(await bench.presence(gone, 'offline'));
      await bench.settled();
      expect(await where('G1')).toBe('offered S001');
    });

    it('[QS6] lets nobody pull what is kept for who can it, until it asks for less', async () => {
      const plain = await signedOn(1);
      await signedOn(2, [KEJIA], 'busy');
      await enqueue('G1', { dialect: 'kejia' });
      expect(codeOf(await bench.claim(plain, 'G1'))).toBe('skill_missing');
      bench.clock.advance(90_000); // the beat that would offer it is late
      expect(codeOf(await bench.claim(plain, 'G1'))).toBe('ok');
    });

    it('[RT2] count at a present seat at once, are told, and come with their user', async () => {
      const actor = await signedOn(1);
      const skills = [{ skill: 'field:01', level: 2 }, KEJIA];
      done(await bench.command(leader, 'setSkills', { userId: actor.userId, skills }));
      expect((await seat('S001')).skills).toEqual([KEJIA, skills[0]]);
      done(await bench.command(leader, 'setSkills', { userId: actor.userId, skills: [...skills].reverse() }));
      await bench.settled();
      const changes = bench.events.filter(({ type }) => type === 'seat.skills_changed');
      expect(changes).toHaveLength(1);
      expect(changes[0]).toMatchObject({
        actorId: leader.userId,
        data: { userId: actor.userId, seatId: 'S001', skills: [KEJIA, skills[0]] },
      });
      expect(Object.keys(changes[0]!.audience.rooms).sort()).toEqual(['floor', 'seat:S001']);
      done(await bench.presence(actor, 'offline'));
      done(await bench.presence(actor, 'ready'));
      expect((await seat('S001')).skills).toEqual([KEJIA, skills[0]]);
      done(await bench.command(leader, 'setSkills', { userId: actor.userId, skills: [] }));
      expect((await seat('S001')).skills).toEqual([]);
    });

    it('[RT2] that come with a list reach the seat too', async () => {
      const actor = await signedOn(1);
      const origin = { actorId: 'admin', commandId: 'c', causationId: null, recordedAt: bench.clock.now() };
      await bench.unitOfWork.run((tx) => bench.get(UserSkills).set(tx, origin, actor.userId, [KEJIA]));
      await until('the seat has its user’s skills', async () => (await seat('S001')).skills.length === 1);
    });

    it('[RT2] are refused when unknown, twice, of no level, or set by who may not', async () => {
      const actor = await signedOn(1);
      const set = (skills: unknown, by = leader, userId = actor.userId) =>
        bench.command(by, 'setSkills', { userId, skills });
      const unknown = await set([KEJIA, { skill: 'dialect:klingon', level: 1 }]);
      expect(unknown).toMatchObject({
        ok: false,
        error: { code: 'skill_unknown', field: 'skills.1.skill', clause: 'RT2' },
      });
      expect(codeOf(await set([KEJIA, { ...KEJIA, level: 1 }]))).toBe('payload_invalid');
      expect(codeOf(await set([{ ...KEJIA, level: 6 }]))).toBe('payload_invalid');
      expect(codeOf(await set([null]))).toBe('payload_invalid');
      expect(codeOf(await set('dialect:kejia=3'))).toBe('payload_invalid');
      expect(codeOf(await set([KEJIA], leader, 'nobody'))).toBe('user_unknown');
      expect(codeOf(await set([KEJIA], actor))).toBe('forbidden');
      expect((await seat('S001')).skills).toEqual([]);
    });
  });

  it('[RT5] gives a seat no more of one kind than that kind’s capacity', async () => {
    await reopen({ policy: { 'seat.capacity': 3, 'seat.capacity.register': 1 } });
    const actor = await signedOn(1);
    for (const orderNo of ['R1', 'R2', 'R3']) await enqueue(orderNo);
    for (const orderNo of ['D1', 'D2', 'D3']) await enqueue(orderNo, { queueId: 'dispatch' });
    expect(await Promise.all(['R1', 'R2', 'R3', 'D1', 'D2', 'D3'].map(where))).toEqual([
      'offered S001',
      'queued',
      'queued',
      'offered S001',
      'offered S001',
      'queued',
    ]);
    done(await bench.claim(actor, 'D1'));
    await bench.done('D1');
    // Room for one more, but not for another of that kind.
    expect(codeOf(await bench.claim(actor, 'R2'))).toBe('seat_holds_items');
    await bench.settled();
    expect(await where('D3')).toBe('offered S001');
  });

  it('[RT7] gives the next to who has taken least, and counts what each has taken, and since when it has it', async () => {
    const [first, second] = [await signedOn(1), await signedOn(2)];
    for (const orderNo of ['own 1', 'own 2']) {
      await bench.enqueue(orderNo, { queueId: 'register', claimedBy: 'S001' }, first);
      await bench.done(orderNo, 'register');
    }
    expect(await seat('S001')).toMatchObject({ taken: 2, held: 0 });
    await bench.pass(1_000);
    for (const orderNo of ['G1', 'G2']) {
      await enqueue(orderNo);
      expect(await where(orderNo)).toBe('offered S002');
      await bench.pass(3_000);
      done(await bench.claim(second, orderNo));
      expect((await bench.item(orderNo)).claimedAt).toBe(bench.clock.now());
      await bench.pass(2_000);
      await bench.done(orderNo, 'register');
      expect((await bench.item(orderNo)).claimedAt).toBe(bench.clock.now() - 2_000);
    }
    // As much taken in the same time: who has been idle longer.
    expect((await seat('S002')).taken).toBe(2);
    await enqueue('G3');
    expect(await where('G3')).toBe('offered S001');
    done(await bench.presence(first, 'offline'));
    done(await bench.presence(first, 'ready'));
    expect((await seat('S001')).taken).toBe(0);
  });

  it('[QS5] puts who lets an offer pass behind the others for a minute', async () => {
    const dozing = await signedOn(1);
    const awake = await signedOn(2);
    await bench.enqueue('own', { queueId: 'register', claimedBy: 'S002' }, awake);
    await bench.done('own', 'register');
    await enqueue('G1');
    expect(await where('G1')).toBe('offered S001');
    await bench.pass(15_000);
    expect(await where('G1')).toBe('offered S002');
    done(await bench.claim(awake, 'G1'));
    await bench.done('G1', 'register');
    await enqueue('G2');
    expect(await where('G2')).toBe('offered S002');
    done(await bench.claim(awake, 'G2'));
    await bench.done('G2', 'register');
    await bench.pass(60_000);
    await enqueue('G3');
    expect(await where('G3')).toBe('offered S001');
    done(await bench.claim(dozing, 'G3'));
    expect(await seat('S001')).toMatchObject({ missedAt: null });
  });

  describe('[RT8] what a seat gave up', () => {
    it('goes to another that could do it, even if that is busy for a while', async () => {
      const first = await signedOn(1);
      const second = await signedOn(2, [], 'busy');
      await enqueue('G1');
      done(await bench.giveBack(first, 'G1'));
      await bench.settled();
      await bench.pass(20_000);
      expect(await where('G1')).toBe('queued');
      done(await bench.presence(second, 'ready'));
      await bench.settled();
      expect(await where('G1')).toBe('offered S002');
    });

    it('comes back to it after a minute, or at once when nobody else is there', async () => {
      const first = await signedOn(1);
      const second = await signedOn(2, [], 'busy');
      await enqueue('G1');
      done(await bench.giveBack(first, 'G1'));
      await bench.settled();
      await bench.pass(59_000);
      expect(await where('G1')).toBe('queued');
      await bench.pass(1_000);
      expect(await where('G1')).toBe('offered S001');
      done(await bench.presence(second, 'offline'));
      done(await bench.giveBack(first, 'G1'));
      await bench.settled();
      expect(await where('G1')).toBe('offered S001');
    });
  });

  describe('a shift leader', () => {
    it('[RT9] assigns what waits, beyond capacity and skills, and to who is busy', async () => {
      await signedOn(1, [], 'busy');
      await signedOn(2, [KEJIA], 'busy');
      await enqueue('G1', { dialect: 'kejia' });
      await enqueue('G2', { dialect: 'kejia' });
      const { itemId } = await bench.item('G1');
      expect(done(await assign('G1', 'S001'))).toEqual({ itemId });
      done(await assign('G2', 'S001'));
      done(await assign('G2', 'S001'));
      expect([await where('G1'), await where('G2')]).toEqual(['claimed S001', 'claimed S001']);
      expect(await seat('S001')).toMatchObject({ held: 2, taken: 2 });
      expect(told('G1')).toEqual(['queued system', `claimed S001 assigned ${leader.userId}`]);
      expect(told('G2')).toHaveLength(2);
    });

    it('[RT9] assigns out of another seat’s hands, and what was only offered there or to the seat itself', async () => {
      const [first, second] = [await signedOn(1), await signedOn(2)];
      await enqueue('G1');
      done(await bench.claim(first, 'G1'));
      await enqueue('G2');
      expect(await where('G2')).toBe('offered S002');
      done(await assign('G1', 'S002'));
      expect(await where('G1')).toBe('claimed S002');
      await bench.settled();
      expect(told('G1').slice(-2)).toEqual([
        `returned S001 taken_back ${leader.userId}`,
        `claimed S002 assigned ${leader.userId}`,
      ]);
      done(await assign('G2', 'S002'));
      expect(await where('G2')).toBe('claimed S002');
      await bench.settled();
      expect([await seat('S001'), await seat('S002')]).toMatchObject([{ held: 0 }, { held: 2, taken: 2 }]);
      // Its offer ended with it: no clock rings for it any more.
      await bench.pass(16_000);
      expect(told('G2')).not.toContain('expired S002 system');
      expect(codeOf(await bench.claim(first, 'G1'))).toBe('item_held_by_other');
      done(await bench.giveBack(second, 'G1'));
    });

    it('[RT9] assigns nothing to who is away or serves other queues, and nothing that is not there', async () => {
      const gone = await signedOn(1);
      done(await bench.presence(gone, 'offline'));
      await enqueue('G1');
      expect(await assign('G1', 'S001')).toMatchObject({
        ok: false,
        error: { code: 'seat_not_ready', field: 'seatId' },
      });
      expect(await assign('G1', 'S555')).toMatchObject({ ok: false, error: { code: 'no_seat', field: 'seatId' } });
      const arbiter = await bench.seat(3, ['arbiter']);
      done(await bench.presence(arbiter, 'busy'));
      expect(codeOf(await assign('G1', 'S003'))).toBe('skill_missing');
      expect(await where('G1')).toBe('queued');
      await bench.done('G1', 'register');
      const present = await signedOn(4);
      expect(codeOf(await assign('G1', 'S004'))).toBe('item_not_found');
      const nowhere = { itemId: '11111111-1111-4111-8111-111111111111', seatId: 'S004' };
      expect(codeOf(await bench.command(leader, 'forceAssign', nowhere))).toBe('item_not_found');
      expect(codeOf(await assign('G1', 'S004', present))).toBe('forbidden');
    });

    it('[RT10] takes back what is offered or claimed, to the head, and it does not bounce', async () => {
      const first = await signedOn(1);
      await signedOn(2, [], 'busy');
      await enqueue('G1');
      done(await bench.claim(first, 'G1'));
      const { itemId } = await bench.item('G1');
      expect(done(await takeBack('G1', leader, '来电人等着'))).toEqual({ itemId });
      await bench.settled();
      expect(await bench.item('G1')).toMatchObject({
        state: 'queued',
        atHead: true,
        claimedAt: null,
        givenUpBy: 'S001',
      });
      expect(told('G1').at(-1)).toBe(`returned S001 taken_back ${leader.userId}`);
      expect(JSON.stringify(bench.events)).not.toContain('来电人');
      expect(codeOf(await takeBack('G1'))).toBe('not_offered_to_seat');
      await enqueue('G2');
      expect(await where('G2')).toBe('offered S001');
      done(await takeBack('G2'));
      expect(await where('G2')).toBe('queued');
      await bench.pass(16_000);
      expect(told('G2').some((line) => line.startsWith('expired'))).toBe(false);
      expect(codeOf(await takeBack('G2', first))).toBe('forbidden');
      await bench.done('G2', 'register');
      expect(codeOf(await takeBack('G2'))).toBe('item_not_found');
    });
  });
});

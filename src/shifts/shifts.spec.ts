import type { Actor } from '@minqing-hub/client-sdk/protocol';
import { china, openShiftBench, type ShiftBench } from '../../test/support/shift-bench.js';
import { codeOf, done, type QueueBenchOptions } from '../../test/support/queue-bench.js';

const MINUTE = 60_000;

describe('shifts', () => {
  let kit: ShiftBench;
  let anna: Actor;
  let bert: Actor;
  let cora: Actor;
  const open = async (options: QueueBenchOptions = {}) => {
    await kit?.end();
    kit = await openShiftBench(options);
    anna = await kit.bench.seat(1, ['agent']);
    bert = await kit.bench.seat(2, ['agent']);
    cora = await kit.bench.seat(3, ['agent']);
  };
  beforeEach(() => open());
  afterEach(async () => {
    await kit.end();
    kit = undefined as unknown as ShiftBench;
  });

  const seatOf = async (seatId: string) => (await kit.bench.seats()).find((seat) => seat.seatId === seatId);
  const events = (type: string) => kit.bench.events.filter((event) => event.type === type);
  const does = async (actor: Actor, name: string, payload: object = {}) => {
    const answer = await kit.bench.command(actor, name, payload);
    await kit.settled();
    return answer;
  };
  /** Something that the actor has claimed. */
  const holds = async (actor: Actor, orderNo: string) => {
    await kit.bench.enqueue(orderNo, { queueId: 'register', claimedBy: actor.seatId! }, actor);
    expect(await kit.bench.item(orderNo)).toMatchObject({ state: 'claimed' });
  };
  const ready = async (actor: Actor) => done(await does(actor, 'setPresence', { presence: 'ready' }));

  describe('signing on', () => {
    it('[SH4] sits down at the rostered seat, for the shift, from half an hour before', async () => {
      await kit.roster('2026-03-02 early user001 S900');
      await kit.goTo('2026-03-02 06:29');
      expect(await kit.signedOn(anna)).toEqual({ seatId: 'S001', shiftId: null, shiftEndsAt: null });
      done(await does(anna, 'signOff'));
      await kit.goTo('2026-03-02 06:30');
      const [shift] = await kit.shifts();
      const answer = { seatId: 'S900', shiftId: shift!.shiftId, shiftEndsAt: china('2026-03-02 15:00') };
      expect(await kit.signedOn(anna)).toEqual(answer);
      expect(await seatOf('S900')).toMatchObject({ ...answer, userId: 'user001', signedOnAt: kit.clock.now() });
      expect(await kit.shifts()).toMatchObject([{ signedOnAt: kit.clock.now(), signedOffAt: null }]);
      // The account goes where its user sits, and the one who sat there before has none.
      done(await does(bert, 'signOn', { seatId: 'S001' }));
      expect(events('identity.rights_changed').map(({ data }) => [data.userId, data.seatId])).toEqual([
        ['user001', 'S900'],
        ['user002', 'S001'],
      ]);
    });

    it('[SH4] sits down at the seat that is named rather than the rostered one, and finds the shift by itself', async () => {
      await kit.roster('2026-03-02 early user001 S900');
      await kit.goTo('2026-03-02 07:00');
      expect(await kit.signedOn(anna, { seatId: 'S777' })).toMatchObject({
        seatId: 'S777',
        shiftEndsAt: china('2026-03-02 15:00'),
      });
      await kit.roster('2026-03-02 day user002');
      await kit.goTo('2026-03-02 09:00');
      await ready(bert);
      expect(await seatOf('S002')).toMatchObject({ presence: 'ready', shiftEndsAt: china('2026-03-02 17:00') });
      expect((await kit.shifts()).map(({ signedOnAt }) => signedOnAt !== null)).toEqual([true, true]);
    });

    it('[SH4] works without a roster unless policy says no', async () => {
      expect(await kit.signedOn(anna)).toEqual({ seatId: 'S001', shiftId: null, shiftEndsAt: null });
      await kit.leap(48 * 60 * MINUTE);
      expect(await seatOf('S001')).toMatchObject({ presence: 'busy' });

      await open({ policy: { 'shift.withoutRoster': 'refuse' } });
      const no = { ok: false, error: { code: 'no_shift_now', clause: 'SH4' } };
      expect(await kit.signOn(anna)).toMatchObject(no);
      expect(await does(anna, 'setPresence', { presence: 'ready' })).toMatchObject(no);
      expect(await kit.bench.seats()).toEqual([]);
      await kit.roster('2026-03-02 early user001');
      await kit.goTo('2026-03-02 07:00');
      await ready(anna);
    });

    it('[SH4] asks for a seat where there is none', async () => {
      done(await kit.signOn(anna, { seatId: 'S002', takeOver: true }));
      expect(await kit.signOn(bert)).toMatchObject({ ok: false, error: { code: 'no_seat', field: 'seatId' } });
      expect(await kit.signOn(bert, { seatId: '13800138000' })).toMatchObject({ error: { code: 'payload_invalid' } });
      const { leader } = kit;
      expect(codeOf(await kit.signOn(leader))).toBe('forbidden');
    });

    it('[SH5] twice at the same seat is once', async () => {
      await kit.roster('2026-03-02 early user001 S900');
      await kit.goTo('2026-03-02 07:00');
      const first = await kit.signedOn(anna);
      const before = kit.bench.events.length;
      await kit.leap(5 * MINUTE);
      expect(await kit.signedOn(anna)).toEqual(first);
      expect(await kit.signedOn(anna, { seatId: 'S900' })).toEqual(first);
      expect(await kit.signedOn(anna, { seatId: 'S900', takeOver: true })).toEqual(first);
      expect(kit.bench.events.slice(before)).toEqual([]);
    });

    it('[SH5] elsewhere, or where somebody sits, warns with seat and time, and does nothing', async () => {
      await kit.goTo('2026-03-02 08:15');
      await kit.signedOn(anna);
      await kit.signedOn(bert);
      expect(await kit.signOn(anna, { seatId: 'S009' })).toMatchObject({
        error: {
          code: 'already_signed_on',
          message: '您已于 08:15 在座席 S001 签到；确认后将转到新座席',
          field: 'seatId',
          clause: 'SH5',
        },
      });
      expect(await kit.signOn(cora, { seatId: 'S002' })).toMatchObject({
        error: {
          code: 'seat_occupied',
          message: '座席 S002 自 08:15 起有人在岗；确认后由您接替，对方将被签退',
          field: 'seatId',
          clause: 'SH5',
        },
      });
      expect(events('identity.rights_changed')).toEqual([]);
    });

    it('[SH5] takes over when told to: own work comes along, the other’s goes back', async () => {
      await kit.signedOn(anna);
      await kit.signedOn(bert);
      await holds(anna, 'G1');
      await holds(bert, 'G2');
      expect(await kit.signedOn(anna, { seatId: 'S002', takeOver: true })).toMatchObject({ seatId: 'S002' });
      expect(await kit.bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S002' });
      expect(await kit.bench.item('G2')).toMatchObject({ state: 'queued', atHead: true });
      expect(await seatOf('S001')).toMatchObject({ presence: 'offline', signedOnAt: null, held: 0 });
      expect(await seatOf('S002')).toMatchObject({ presence: 'busy', userId: 'user001' });
      expect(codeOf(await does(bert, 'signOff'))).toBe('not_signed_on');
    });

    it('[SH4] finds the shift that has come meanwhile, and keeps the work', async () => {
      await kit.roster('2026-03-02 early user001');
      await kit.signedOn(anna);
      await holds(anna, 'G1');
      await kit.goTo('2026-03-02 07:00');
      expect(await kit.signedOn(anna)).toMatchObject({ seatId: 'S001', shiftEndsAt: china('2026-03-02 15:00') });
      expect(await kit.bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S001' });
    });
  });

  it('[SH4] who came too early has the shift when its time has come, as they are, and goes home at its end', async () => {
    await kit.roster('2026-03-02 early user001');
    await kit.signedOn(anna);
    await ready(anna);
    await holds(anna, 'G1');
    done(await does(anna, 'setPresence', { presence: 'break' }));
    expect(await seatOf('S001')).toMatchObject({ shiftId: null });
    await kit.goTo('2026-03-02 06:30');
    const [shift] = await kit.shifts();
    expect(await seatOf('S001')).toMatchObject({ shiftId: shift!.shiftId, presence: 'break', held: 1 });
    expect(shift).toMatchObject({ signedOnAt: kit.clock.now() });
    await kit.goTo('2026-03-02 15:00');
    expect(await seatOf('S001')).toMatchObject({ presence: 'offline', held: 0 });
  });

  describe('a roster that comes after them', () => {
    const roster = async (...lines: string[]) => {
      expect(await kit.roster(...lines)).toMatchObject({ status: 'activated' });
      await kit.settled();
    };
    const shiftIdOf = async (userId: string) => (await kit.shifts()).find((shift) => shift.userId === userId)!.shiftId;

    it('[SH4] [SH7] gives who is there the shift that runs, as they are, and takes them home at its end', async () => {
      await kit.goTo('2026-03-02 10:00');
      await kit.signedOn(anna);
      await ready(anna);
      await holds(anna, 'G1');
      await kit.signedOn(bert);
      await roster('2026-03-02 day user001 S900', '2026-03-02 late user003 S003');
      const shiftId = await shiftIdOf('user001');
      expect(await seatOf('S001')).toMatchObject({
        ...{ shiftId, shiftEndsAt: china('2026-03-02 17:00'), presence: 'ready', held: 1 },
      });
      expect(await seatOf('S002')).toMatchObject({ shiftId: null, presence: 'busy' });
      expect((await kit.shifts()).map(({ signedOnAt }) => signedOnAt)).toEqual([kit.clock.now(), null]);
      await kit.goTo('2026-03-02 17:00');
      expect(await seatOf('S001')).toMatchObject({ presence: 'offline', held: 0 });
      expect(await seatOf('S002')).toMatchObject({ presence: 'busy' });
    });

    it('[SH4] gives who is there the shift that comes later, when its time has come, however late', async () => {
      await kit.signedOn(anna);
      await kit.signedOn(bert);
      await roster('2026-03-02 noon user001');
      await roster('2026-03-04 early user002');
      await kit.goTo('2026-03-02 10:59');
      expect(await seatOf('S001')).toMatchObject({ shiftId: null });
      await kit.goTo('2026-03-02 12:00');
      expect(await seatOf('S001')).toMatchObject({ shiftId: await shiftIdOf('user001') });
      await kit.goTo('2026-03-04 06:29');
      expect(await seatOf('S002')).toMatchObject({ shiftId: null });
      await kit.goTo('2026-03-04 06:30');
      expect(await seatOf('S002')).toMatchObject({ shiftId: await shiftIdOf('user002') });
    });

    it.each([
      ['later', 'late', '2026-03-02 14:30'],
      ['earlier', 'early', '2026-03-02 06:30'],
    ])('[SH4] moves the shift that was waited for to a time that is %s', async (_how, code, begins) => {
      await roster('2026-03-02 day user001');
      await kit.signedOn(anna);
      await roster(`2026-03-02 ${code} user001`);
      await kit.goTo(begins);
      expect(await kit.shifts()).toHaveLength(1);
      expect(await seatOf('S001')).toMatchObject({ shiftId: await shiftIdOf('user001') });
    });

    it('[SH4] takes away the shift that was waited for, and the next one is waited for', async () => {
      await roster('2026-03-02 day user001', '2026-03-02 late user002');
      await roster('2026-03-03 early user001');
      await kit.signedOn(anna);
      await roster('2026-03-02 late user002');
      await kit.goTo('2026-03-02 10:00');
      expect(await seatOf('S001')).toMatchObject({ shiftId: null });
      await kit.goTo('2026-03-03 06:30');
      expect(await seatOf('S001')).toMatchObject({ shiftId: await shiftIdOf('user001') });
      expect(await seatOf('S002')).toBeUndefined();
    });

    it('[SH4] waits once for one shift, however many rosters come', async () => {
      await kit.signedOn(anna);
      await roster('2026-03-02 day user001');
      await roster('2026-03-02 day user001', '2026-03-02 late user002');
      await roster('2026-03-02 day user001', '2026-03-02 late user003');
      const clocks = await kit.bench.readModel.run((tx) =>
        tx.all(`SELECT clock_id FROM clock WHERE kind = 'SHIFT' AND state = 'running'`),
      );
      expect(clocks).toHaveLength(1);
    });
  });

  describe('a shift’s end', () => {
    const change = async (policy: QueueBenchOptions['policy'] = {}) => {
      await open({ policy });
      await kit.roster('2026-03-02 early user001 S001', '2026-03-02 late user002 S001', '2026-03-02 late user003 S003');
      await kit.goTo('2026-03-02 07:00');
      await kit.signedOn(anna);
      await ready(anna);
      await holds(anna, 'G1');
    };

    it('[SH7] hands what is held to whom the roster names next for the seat, and signs off', async () => {
      await change();
      await kit.goTo('2026-03-02 14:45');
      await kit.signedOn(cora);
      await kit.signedOn(bert, { seatId: 'S002' });
      await kit.goTo('2026-03-02 14:59');
      expect(await kit.bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S001' });
      await kit.goTo('2026-03-02 15:00');
      expect(await kit.bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S002' });
      expect(await seatOf('S001')).toMatchObject({ presence: 'offline', shiftId: null, held: 0 });
      expect(events('queue.item_claimed').at(-1)!.data).toMatchObject({ how: 'handed_over', seatId: 'S002' });
      expect(events('seat.shift_ended').at(-1)!.data).toMatchObject({ userId: 'user001', cause: 'shift_ended' });
      const [shift] = await kit.shifts();
      expect(shift).toMatchObject({ userId: 'user001', signedOffAt: kit.clock.now() });
    });

    it('[SH7] else to somebody of the next shift who serves the queue', async () => {
      await change();
      await kit.goTo('2026-03-02 14:45');
      await kit.signedOn(cora);
      await kit.goTo('2026-03-02 15:00');
      expect(await kit.bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S003' });
    });

    it('[SH7] else, or always by policy, to the head', async () => {
      await change();
      await kit.goTo('2026-03-02 15:00');
      expect(await kit.bench.item('G1')).toMatchObject({ state: 'queued', atHead: true });
      expect(events('queue.item_returned').at(-1)!.data).toMatchObject({ cause: 'shift_ended' });

      await change({ 'shift.handover': 'head' });
      await kit.goTo('2026-03-02 14:45');
      await kit.signedOn(bert, { seatId: 'S002' });
      await kit.goTo('2026-03-02 15:00');
      expect(await kit.bench.item('G1')).toMatchObject({ state: 'queued', atHead: true });
    });

    it('[SH7] hands over no more than policy says, counting what is in hand there, and the rest goes to the head', async () => {
      await change({ 'shift.mostHandedOver': 3 });
      for (const orderNo of ['G2', 'G3', 'G4']) await holds(anna, orderNo);
      await kit.goTo('2026-03-02 14:45');
      await kit.signedOn(bert, { seatId: 'S002' });
      await kit.bench.enqueue('own', { queueId: 'register', claimedBy: 'S002' }, { ...bert, seatId: 'S002' });
      await kit.goTo('2026-03-02 15:00');
      expect(await seatOf('S002')).toMatchObject({ held: 3 });
      const items = (await kit.bench.items()).filter(({ orderNo }) => orderNo !== 'own');
      expect(items.map(({ state }) => state).sort()).toEqual(['claimed', 'claimed', 'queued', 'queued']);
      expect(items.filter(({ atHead }) => atHead).map(({ state }) => state)).toEqual(['queued', 'queued']);
    });

    it('[SH7] hands nothing to who has their hands full, but to another of the next shift', async () => {
      await change({ 'shift.mostHandedOver': 1 });
      await kit.goTo('2026-03-02 14:45');
      await kit.signedOn(cora);
      await kit.signedOn(bert, { seatId: 'S002' });
      await kit.bench.enqueue('own', { queueId: 'register', claimedBy: 'S002' }, { ...bert, seatId: 'S002' });
      await kit.goTo('2026-03-02 15:00');
      expect(await kit.bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S003' });
      expect(await seatOf('S002')).toMatchObject({ held: 1 });
    });

    it('[PS8] brings all along to another seat, however much it is', async () => {
      await change({ 'shift.mostHandedOver': 1 });
      await holds(anna, 'G2');
      await holds(anna, 'G3');
      await kit.signedOn(anna, { seatId: 'S009', takeOver: true });
      expect(await seatOf('S009')).toMatchObject({ held: 3 });
    });

    it('[SH7] waits for who is in a call, until it is over', async () => {
      await change();
      done(await does(anna, 'setPresence', { presence: 'busy' }));
      await kit.goTo('2026-03-02 15:00');
      expect(await seatOf('S001')).toMatchObject({ presence: 'busy', held: 1 });
      await kit.leap(4 * MINUTE);
      done(await does(anna, 'setPresence', { presence: 'wrap_up' }));
      expect(await seatOf('S001')).toMatchObject({ presence: 'wrap_up', held: 1 });
      await kit.leap(10_000);
      await ready(anna);
      expect(await seatOf('S001')).toMatchObject({ presence: 'offline', held: 0 });
      await kit.leap(20 * MINUTE);
      expect(events('seat.shift_ended')).toHaveLength(1);
    });

    it('[SH7] is not shaken off by moving to another seat in a call', async () => {
      await change();
      done(await does(anna, 'setPresence', { presence: 'busy' }));
      await kit.goTo('2026-03-02 15:02');
      await kit.signedOn(anna, { seatId: 'S009', takeOver: true });
      expect(await seatOf('S009')).toMatchObject({ presence: 'busy', held: 1 });
      await kit.leap(10 * MINUTE);
      expect(await seatOf('S009')).toMatchObject({ presence: 'offline', held: 0 });
    });

    it('[SH7] waits no longer than policy says', async () => {
      await change();
      done(await does(anna, 'setPresence', { presence: 'busy' }));
      await kit.goTo('2026-03-02 15:00');
      await kit.leap(10 * MINUTE - 1_000);
      expect(await seatOf('S001')).toMatchObject({ presence: 'busy', held: 1 });
      await kit.leap(1_000);
      expect(await seatOf('S001')).toMatchObject({ presence: 'offline', held: 0 });
      expect(await kit.bench.item('G1')).toMatchObject({ state: 'queued', atHead: true });
    });

    it('[SH7] [SH8] gives who signs off near the end the same successor, and in the middle none', async () => {
      await change();
      await kit.goTo('2026-03-02 14:45');
      await kit.signedOn(bert, { seatId: 'S002' });
      done(await does(anna, 'signOff'));
      expect(await kit.bench.item('G1')).toMatchObject({ state: 'claimed', seatId: 'S002' });
      expect(codeOf(await does(anna, 'signOff'))).toBe('not_signed_on');
      await kit.goTo('2026-03-02 15:00');
      expect(events('seat.shift_ended')).toHaveLength(1);

      await change();
      await kit.goTo('2026-03-02 10:00');
      await kit.signedOn(bert, { seatId: 'S002' });
      done(await does(anna, 'signOff'));
      expect(await kit.bench.item('G1')).toMatchObject({ state: 'queued', atHead: true });
    });

    it('[SH7] goes on with the next shift of the same person at the same seat', async () => {
      await kit.roster('2026-03-02 early user001 S001', '2026-03-02 late user001');
      await kit.goTo('2026-03-02 07:00');
      await kit.signedOn(anna);
      await ready(anna);
      await holds(anna, 'G1');
      await kit.goTo('2026-03-02 15:00');
      expect(await seatOf('S001')).toMatchObject({
        presence: 'ready',
        shiftEndsAt: china('2026-03-02 23:00'),
        held: 1,
      });
      expect((await kit.shifts()).map(({ signedOffAt }) => signedOffAt)).toEqual([kit.clock.now(), null]);
      await kit.goTo('2026-03-02 23:00');
      expect(await seatOf('S001')).toMatchObject({ presence: 'offline' });
    });

    it('[SH7] comes once for a seat that was left and taken again, and not at all for one that was left', async () => {
      await change();
      done(await does(anna, 'signOff'));
      await kit.goTo('2026-03-02 11:00');
      await kit.signedOn(anna);
      await ready(anna);
      await kit.goTo('2026-03-02 15:00');
      expect(events('seat.shift_ended').map(({ data }) => data.cause)).toEqual(['signed_off', 'shift_ended']);

      await change();
      done(await does(anna, 'setPresence', { presence: 'offline' }));
      expect(await kit.shifts()).toMatchObject([{ signedOffAt: kit.clock.now() }, {}, {}]);
      await kit.goTo('2026-03-02 15:00');
      expect(events('seat.shift_ended')).toHaveLength(1);
    });
  });

  describe('staying on', () => {
    beforeEach(async () => {
      await kit.roster('2026-03-02 early user001 S001');
      await kit.goTo('2026-03-02 07:00');
      await kit.signedOn(anna);
      await ready(anna);
    });

    it('[SH6] moves the end ahead, and only ahead', async () => {
      const half = china('2026-03-02 15:30');
      expect(done(await does(anna, 'stayOn', { minutes: 30 }))).toEqual({ shiftEndsAt: half });
      expect(await seatOf('S001')).toMatchObject({ shiftEndsAt: half });
      expect(done(await does(anna, 'stayOn', { minutes: 20 }))).toEqual({ shiftEndsAt: half });
      expect(done(await does(anna, 'stayOn', { minutes: 30 }))).toEqual({ shiftEndsAt: half });
      expect(events('seat.shift_extended')).toHaveLength(1);
      await kit.goTo('2026-03-02 15:00');
      expect(await seatOf('S001')).toMatchObject({ presence: 'ready' });
      // Left and come back in the time stayed on.
      done(await does(anna, 'signOff'));
      expect(await kit.signedOn(anna)).toMatchObject({ shiftEndsAt: half });
      await ready(anna);
      await kit.goTo('2026-03-02 15:30');
      expect(await seatOf('S001')).toMatchObject({ presence: 'offline' });
      expect(events('seat.shift_ended').map(({ data }) => data.cause)).toEqual(['signed_off', 'shift_ended']);
    });

    it('[SH6] is possible while a call at the end goes on', async () => {
      done(await does(anna, 'setPresence', { presence: 'busy' }));
      await kit.goTo('2026-03-02 15:05');
      done(await does(anna, 'stayOn', { minutes: 60 }));
      await kit.goTo('2026-03-02 15:59');
      expect(await seatOf('S001')).toMatchObject({ presence: 'busy' });
      await ready(anna);
      expect(await seatOf('S001')).toMatchObject({ presence: 'ready' });
      await kit.goTo('2026-03-02 16:00');
      expect(await seatOf('S001')).toMatchObject({ presence: 'offline' });
    });

    it('[SH6] has its limits', async () => {
      expect(await does(anna, 'stayOn', { minutes: 121 })).toMatchObject({
        error: { code: 'payload_invalid', field: 'minutes', message: '最多延时 120 分钟', clause: 'SH6' },
      });
      expect(codeOf(await does(anna, 'stayOn', { minutes: 0 }))).toBe('payload_invalid');
      expect(codeOf(await does(bert, 'stayOn', { minutes: 30 }))).toBe('not_signed_on');
      await kit.signedOn(bert);
      expect(codeOf(await does(bert, 'stayOn', { minutes: 30 }))).toBe('no_shift_now');
    });
  });

  it('[SH11] a shift leader signs off whoever forgot to, and says why to nobody', async () => {
    await kit.signedOn(anna);
    await holds(anna, 'G1');
    const { leader } = kit;
    expect(codeOf(await does(bert, 'signOffSeat', { seatId: 'S001' }))).toBe('forbidden');
    expect(codeOf(await does(leader, 'signOffSeat', { seatId: 'S002' }))).toBe('not_signed_on');
    expect(done(await does(leader, 'signOffSeat', { seatId: 'S001', reason: '忘记签退' }))).toEqual({ seatId: 'S001' });
    expect(await kit.bench.item('G1')).toMatchObject({ state: 'queued', atHead: true });
    expect(JSON.stringify(kit.bench.events)).not.toContain('忘记签退');
    const notes = await kit.bench.readModel.run((tx) => tx.all('SELECT user_id, actor_id, reason FROM sign_off_note'));
    expect(notes).toEqual([{ user_id: 'user001', actor_id: 'user999', reason: '忘记签退' }]);
  });

  describe('breaks', () => {
    const rest = (actor: Actor) => does(actor, 'setPresence', { presence: 'break' });
    beforeEach(async () => {
      await kit.roster('2026-03-02 early user001 S001', '2026-03-02 early user002 S002');
      await kit.goTo('2026-03-02 07:00');
      for (const actor of [anna, bert]) {
        await kit.signedOn(actor);
        await ready(actor);
      }
    });

    it('[SH9] are refused while too many are away, and say when', async () => {
      done(await rest(anna));
      expect(await seatOf('S001')).toMatchObject({ presence: 'break', presenceUntil: kit.clock.now() + 15 * MINUTE });
      expect(await rest(bert)).toMatchObject({
        error: {
          code: 'break_not_allowed',
          message: '现在不能小休：登记队列同时小休的坐席已达上限（1 人），最早 07:15 起可以',
          clause: 'SH9',
        },
      });
      await ready(anna);
      done(await rest(bert));
    });

    it('[SH9] are counted for the shift, also over a second signing on', async () => {
      for (let n = 0; n < 2; n++) {
        done(await rest(anna));
        done(await rest(anna));
        await ready(anna);
      }
      done(await does(anna, 'signOff'));
      await kit.signedOn(anna);
      done(await rest(anna));
      await ready(anna);
      expect(await rest(anna)).toMatchObject({
        error: { code: 'break_not_allowed', message: '现在不能小休：本班小休已满 3 次，本班内不能再小休' },
      });
    });

    it('[SH9] are free to who has no shift', async () => {
      await kit.signedOn(cora);
      for (let n = 0; n < 5; n++) {
        done(await rest(cora));
        await ready(cora);
      }
      done(await rest(cora));
      expect(await seatOf('S003')).toMatchObject({ presenceUntil: null });
    });

    it('[SH10] that last too long are told once, to seat and floor', async () => {
      done(await rest(anna));
      await kit.leap(15 * MINUTE - 1_000);
      expect(events('seat.break_overrun')).toEqual([]);
      await kit.leap(1_000);
      await kit.leap(30 * MINUTE);
      const [told, ...more] = events('seat.break_overrun');
      expect(more).toEqual([]);
      expect(told).toMatchObject({ subject: 'seat:S001', data: { seatId: 'S001', userId: 'user001' } });
      expect(Object.keys(told!.audience.rooms).sort()).toEqual(['floor', 'seat:S001']);
      expect(await seatOf('S001')).toMatchObject({ presence: 'break' });

      await ready(anna);
      done(await rest(anna));
      await kit.leap(10 * MINUTE);
      await ready(anna);
      await kit.leap(60 * MINUTE);
      expect(events('seat.break_overrun')).toHaveLength(1);
    });
  });
});

import type { PolicyHistoryEntry } from '@minqing-hub/client-sdk/protocol';
import { codeOf, done } from '../../test/support/queue-bench.js';
import { openPolicyBench, type PolicyBench } from '../../test/support/policy-bench.js';
import type { PolicyKey } from '../config/policy-keys.js';
import { readPolicy } from '../config/policy.js';
import { EventLog } from '../event-log/event-log.js';
import { verifyLog } from '../event-log/verify-log.js';
import { Settings } from '../config/settings.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe('policy', () => {
  let bench: PolicyBench;
  beforeEach(async () => {
    bench = await openPolicyBench();
  });
  afterEach(() => bench.end());

  const told = (type?: string) =>
    bench.events.filter((event) => (type ? event.type === type : event.type.startsWith('policy.')));
  const history = (key: PolicyKey) => bench.reading.history(key);
  /** `policy`: what the file says by then. */
  const restart = async (options: Parameters<typeof openPolicyBench>[0] = {}, offMs = 0) => {
    const { folder, clock } = bench;
    await bench.stop();
    clock.advance(offMs);
    bench = await openPolicyBench({ folder, clock, ...options });
  };
  /** The whole log holds together, cards and all. */
  const findings = async () => (await verifyLog(bench.readModel, bench.get(Settings).secrets.auditKey)).first;

  it('[PC1] [PC7] begins with the file, each policy with its card', async () => {
    const all = await bench.reading.all();
    expect(all.map(({ key }) => key)).toEqual(Object.keys(readPolicy('config').entries).sort());
    expect(bench.policy.version).toBe(1);
    const { since } = await bench.card('offer.seconds');
    expect(await bench.card('offer.seconds')).toEqual({
      key: 'offer.seconds',
      value: 15,
      unit: 's',
      default: 15,
      defaultUnit: 's',
      clause: 'QS5',
      version: 1,
      since: bench.clock.now(),
      planned: [],
    });
    expect(all.find(({ key }) => key === 'seat.capacity')).toMatchObject({
      value: 1,
      version: 1,
      since,
      sentence: expect.stringMatching(/。$/) as string,
      form: { kind: 'number', min: 1, max: 20, whole: true },
    });
    expect(all.find(({ key }) => key === 'shift.handover')!.form).toEqual({
      kind: 'choice',
      options: ['next_seat', 'head'],
    });
    expect(all.find(({ key }) => key === 'queue.atRiskShare')!.form).toMatchObject({ whole: false });
    expect(await findings()).toEqual([]);
  });

  it('[PC1] [PC4] [PC5] sets a value at once, tells before and after, and keeps who and why', async () => {
    await bench.pass(5_000);
    const answer = done(await bench.change({ key: 'offer.seconds', value: 20, reason: '夜间人手少' }));
    await bench.settled();
    expect(answer).toMatchObject({ effectiveAt: bench.clock.now(), version: 2 });
    expect([bench.policy.number('offer.seconds'), bench.policy.version]).toEqual([20, 2]);
    expect(told('policy.changed').at(-1)).toMatchObject({
      actorId: bench.admin.userId,
      data: {
        key: 'offer.seconds',
        value: 20,
        unit: 's',
        before: 15,
        version: 2,
        effectiveAt: bench.clock.now(),
        recalculate: false,
        source: 'command',
      },
      audience: { rooms: { policy: { op: 'change', view: 'full' } } },
    });
    expect(JSON.stringify(told())).not.toContain('夜间');
    const [newest, first, ...others] = await history('offer.seconds');
    expect(others).toEqual([]);
    expect(newest).toMatchObject({
      state: 'in_force',
      value: 20,
      before: { value: 15, unit: 's' },
      version: 2,
      setBy: bench.admin.userId,
      setAt: bench.clock.now(),
      reason: '夜间人手少',
      recalculate: false,
      withdrawn: null,
    });
    expect(first).toMatchObject({ state: 'past', value: 15, before: null, changeId: null, setBy: 'system' });
    expect(await findings()).toEqual([]);
  });

  it('[PC4] is one version higher with each change, of whichever policy', async () => {
    for (const [i, key] of (['offer.seconds', 'wrapUp.seconds', 'offer.seconds'] as const).entries()) {
      expect(done(await bench.change({ key, value: 30 + i }))).toMatchObject({ version: 2 + i });
    }
    expect(await bench.card('wrapUp.seconds')).toMatchObject({ value: 31, version: 3 });
  });

  it('[PC1] of a limit sets the unit, too: what it is counted by', async () => {
    const before = bench.policy.limit('ack.limit.normal');
    expect(before).toEqual({ amount: 1, unit: 'workday' });
    done(await bench.change({ key: 'ack.limit.normal', value: 30, unit: 'h' }));
    await bench.settled();
    expect(bench.policy.limit('ack.limit.normal')).toEqual({ amount: 30, unit: 'h' });
    // Without a unit it is the one that holds.
    done(await bench.change({ key: 'ack.limit.normal', value: 20 }));
    await bench.settled();
    expect(bench.policy.limit('ack.limit.normal')).toEqual({ amount: 20, unit: 'h' });
    expect((await history('ack.limit.normal'))[0]!.before).toEqual({ value: 30, unit: 'h' });
    expect((await bench.reading.all()).find(({ key }) => key === 'ack.limit.normal')!.form).toMatchObject({
      kind: 'limit',
      units: ['min', 'h', 'day', 'workday'],
    });
  });

  it('[PC2] of a limit says how much it is at most, by its unit', async () => {
    const answer = await bench.change({ key: 'handling.limit.resolution', value: 5_000 });
    expect(answer).toMatchObject({
      error: { field: 'value', message: '政策 handling.limit.resolution 应为 0 到 1000 的整数（个工作日）' },
    });
    for (const [unit, most] of Object.entries({ min: 43_200, h: 8_760, day: 1_000, workday: 1_000 })) {
      const set = (value: number) => bench.change({ key: 'handling.limit.resolution', value, unit });
      expect(await set(most + 1)).toMatchObject({ error: { code: 'policy_value_invalid', field: 'value' } });
      done(await set(most));
    }
    await bench.settled();
    expect((await bench.reading.all()).find(({ key }) => key === 'handling.limit.resolution')!.form).toMatchObject({
      most: { min: 43_200, h: 8_760, day: 1_000, workday: 1_000 },
    });
  });

  it('[PC5] keeps one change of one command that is sent twice', async () => {
    const commandId = '5f2f5a37-7f8c-4d1c-9a55-3a1f6c2ad001';
    const payload = { key: 'offer.seconds', value: 20, reason: '试行' };
    const first = done(await bench.command(bench.admin, 'changePolicy', payload, commandId));
    expect(done(await bench.command(bench.admin, 'changePolicy', payload, commandId))).toEqual(first);
    expect(await history('offer.seconds')).toHaveLength(2);
  });

  describe('[PC2] refuses', () => {
    const at = (ms: number) => new Date(bench.clock.now() + ms).toISOString();
    it.each([
      ['a negative limit', { key: 'dispatch.limit.urgent', value: -5 }, 'policy_value_invalid', 'value', 'DI2'],
      ['no limit at all', { key: 'dispatch.limit.urgent', value: 0 }, 'policy_value_invalid', 'value', 'DI2'],
      ['a negative limit of days', { key: 'ack.limit.normal', value: -1 }, 'policy_value_invalid', 'value', 'C2'],
      ['days without end', { key: 'handling.limit.resolution', value: 1_001 }, 'policy_value_invalid', 'value', 'C5'],
      ['over a year', { key: 'contact.limit', value: 8_761, unit: 'h' }, 'policy_value_invalid', 'value', 'C4u'],
      ['over a month', { key: 'contact.limit', value: 43_201, unit: 'min' }, 'policy_value_invalid', 'value', 'C4u'],
      ['an unknown basis', { key: 'ack.limit.normal', value: 1, unit: 'moon' }, 'policy_value_invalid', 'unit', 'C2'],
      ['a unit that is fixed', { key: 'offer.seconds', value: 1, unit: 'h' }, 'policy_value_invalid', 'unit', 'QS5'],
      ['too much', { key: 'offer.seconds', value: 601 }, 'policy_value_invalid', 'value', 'QS5'],
      ['half a seat', { key: 'seat.capacity', value: 1.5 }, 'policy_value_invalid', 'value', 'QS4'],
      ['a word for a number', { key: 'offer.seconds', value: '20' }, 'policy_value_invalid', 'value', 'QS5'],
      ['a choice there is not', { key: 'shift.handover', value: 'nobody' }, 'policy_value_invalid', 'value', 'SH7'],
      ['a number for a choice', { key: 'shift.handover', value: 1 }, 'policy_value_invalid', 'value', 'SH7'],
      ['what holds anyway', { key: 'offer.seconds', value: 15 }, 'policy_unchanged', 'value', 'PC2'],
      ['a policy there is not', { key: 'offer.second', value: 15 }, 'policy_key_unknown', 'key', 'PC2'],
      ['a key of every object', { key: 'toString', value: 15 }, 'policy_key_unknown', 'key', 'PC2'],
    ])('%s', async (_what, payload, code, field, clause) => {
      const before = told().length;
      const answer = await bench.change(payload);
      expect(answer).toMatchObject({ ok: false, error: { code, field, clause } });
      await bench.settled();
      expect(told()).toHaveLength(before);
    });

    it.each([
      ['a time that has passed', -1],
      ['this very moment', 0],
      ['a time that is too far', 400 * DAY_MS + 1],
    ])('%s', async (_what, ms) => {
      const answer = await bench.change({ key: 'offer.seconds', value: 20, effectiveAt: at(ms) });
      expect(answer).toMatchObject({ error: { code: 'payload_invalid', field: 'effectiveAt', clause: 'PC2' } });
    });

    it.each([
      ['no reason', { reason: '' }, 'reason'],
      ['hardly a reason', { reason: ' a ' }, 'reason'],
      ['no time', { effectiveAt: 'tomorrow' }, 'effectiveAt'],
      ['a time without offset', { effectiveAt: '2026-03-03T00:00:00' }, 'effectiveAt'],
      ['no value', { value: null as never }, 'value'],
      ['a list', { value: [20] as never }, 'value'],
    ])('%s', async (_what, more, field) => {
      const answer = await bench.change({ key: 'offer.seconds', value: 20, ...more });
      expect(answer).toMatchObject({ error: { code: 'payload_invalid', field } });
    });

    it('says which policy was probably meant', async () => {
      const answer = await bench.change({ key: 'dispatch.limit.urgant' });
      expect(answer).toMatchObject({ error: { message: '没有这项政策，是否指 dispatch.limit.urgent' } });
    });

    it('everybody but policy administrators', async () => {
      const leader = await bench.seat(2, ['shift_leader']);
      const payload = { key: 'offer.seconds', value: 20, reason: '试行' };
      expect(codeOf(await bench.command(leader, 'changePolicy', payload))).toBe('forbidden');
      const { changeId } = await bench.plan('offer.seconds', 20, MINUTE_MS);
      const withdrawal = { changeId, reason: '试行' };
      expect(codeOf(await bench.command(leader, 'withdrawPolicyChange', withdrawal))).toBe('forbidden');
      expect(codeOf(await bench.command(bench.admin, 'putPolicyInForce', { changeId }))).toBe('forbidden');
    });
  });

  describe('for later', () => {
    it('[PC3] comes into force at its time, not before, and once', async () => {
      const { changeId, effectiveAt, version } = await bench.plan('offer.seconds', 20, 90_000);
      await bench.settled();
      expect(version).toBeNull();
      expect(await bench.card('offer.seconds')).toMatchObject({
        value: 15,
        version: 1,
        planned: [{ changeId, value: 20, unit: 's', effectiveAt }],
      });
      await bench.pass(89_999);
      expect(bench.policy.number('offer.seconds')).toBe(15);
      await bench.pass(1);
      expect(bench.policy.number('offer.seconds')).toBe(20);
      expect(told('policy.changed').at(-1)).toMatchObject({
        at: effectiveAt,
        recordedAt: effectiveAt,
        actorId: 'system',
        data: { value: 20, before: 15, version: 2 },
      });
      expect(await bench.card('offer.seconds')).toMatchObject({ value: 20, since: effectiveAt, planned: [] });
      await bench.pass(3 * MINUTE_MS);
      expect(told('policy.changed').filter(({ data }) => data.version !== 1)).toHaveLength(1);
      expect((await history('offer.seconds'))[0]).toMatchObject({ setBy: bench.admin.userId, state: 'in_force' });
    });

    it('[PC3] is withdrawn as long as it is planned', async () => {
      const { changeId } = await bench.plan('offer.seconds', 20, MINUTE_MS);
      expect((await history('offer.seconds'))[0]).toMatchObject({ state: 'planned', version: null, before: null });
      done(await bench.withdraw(changeId.toUpperCase()));
      expect(codeOf(await bench.withdraw(changeId))).toBe('policy_change_not_planned');
      await bench.pass(2 * MINUTE_MS);
      expect(bench.policy.number('offer.seconds')).toBe(15);
      expect((await history('offer.seconds'))[0]).toMatchObject({
        state: 'withdrawn',
        withdrawn: { by: bench.admin.userId, reason: '不再需要' },
      });
      expect((await bench.card('offer.seconds')).planned).toEqual([]);
      expect(codeOf(await bench.withdraw('5f2f5a37-7f8c-4d1c-9a55-3a1f6c2ad001'))).toBe('policy_change_not_found');
      expect(await findings()).toEqual([]);
    });

    it('[PC3] is not withdrawn once it holds, even before its clock has rung', async () => {
      const { changeId } = await bench.plan('offer.seconds', 20, MINUTE_MS);
      bench.clock.advance(MINUTE_MS);
      expect(codeOf(await bench.withdraw(changeId))).toBe('policy_change_not_planned');
      await bench.pass(1_000);
      expect(bench.policy.number('offer.seconds')).toBe(20);
    });

    it('[PC3] keeps the order of their times, whichever clock rings first', async () => {
      await bench.plan('offer.seconds', 30, 2 * MINUTE_MS);
      await bench.plan('offer.seconds', 20, MINUTE_MS);
      // A node was paused: both are due, and somebody sets a third value before any clock rings.
      bench.clock.advance(3 * MINUTE_MS);
      expect(done(await bench.change({ key: 'offer.seconds', value: 40 }))).toMatchObject({ version: 4 });
      await bench.pass(2_000);
      const changed = told('policy.changed').filter(({ data }) => data.key === 'offer.seconds');
      expect(changed.map(({ data }) => [data.before, data.value, data.version])).toEqual([
        [null, 15, 1],
        [15, 20, 2],
        [20, 30, 3],
        [30, 40, 4],
      ]);
      expect(bench.policy.number('offer.seconds')).toBe(40);
    });

    it('[PC3] never is for a moment for which there is one already', async () => {
      const { effectiveAt } = await bench.plan('offer.seconds', 20, MINUTE_MS);
      const again = { key: 'offer.seconds', value: 30, effectiveAt: new Date(effectiveAt).toISOString() };
      expect(await bench.change(again)).toMatchObject({
        error: { code: 'policy_change_planned', field: 'effectiveAt', clause: 'PC3' },
      });
      // Another policy is another matter.
      done(await bench.change({ ...again, key: 'wrapUp.seconds' }));
    });

    it('[PC2] [PC3] may go back to what holds now, once something else lies between', async () => {
      await bench.plan('offer.seconds', 20, MINUTE_MS);
      await bench.plan('offer.seconds', 15, 2 * MINUTE_MS);
      expect(codeOf(await bench.change({ key: 'offer.seconds', value: 15 }))).toBe('policy_unchanged');
      const then = new Date(bench.clock.now() + 90_000).toISOString();
      expect(codeOf(await bench.change({ key: 'offer.seconds', value: 20, effectiveAt: then }))).toBe(
        'policy_unchanged',
      );
      await bench.pass(2 * MINUTE_MS);
      expect([bench.policy.number('offer.seconds'), bench.policy.version]).toEqual([15, 3]);
    });

    it('[PC3] comes into force before the hub serves, when its time came while the hub was off', async () => {
      const { effectiveAt } = await bench.plan('offer.seconds', 20, MINUTE_MS);
      await bench.plan('offer.seconds', 30, DAY_MS);
      await restart({}, 10 * MINUTE_MS);
      expect([bench.policy.number('offer.seconds'), bench.policy.version]).toEqual([20, 2]);
      expect(await bench.card('offer.seconds')).toMatchObject({ since: effectiveAt, planned: [{ value: 30 }] });
      await bench.pass(2_000);
      expect((await history('offer.seconds')).filter(({ version }) => version !== null)).toHaveLength(2);
      expect(await findings()).toEqual([]);
    });
  });

  it('[PC6] leaves what runs as it began', async () => {
    const seat = await bench.seat(2, ['dispatcher']);
    bench.sockets.connected(seat);
    done(await bench.presence(seat, 'ready'));
    await bench.enqueue('G1');
    await bench.settled();
    const { offerEndsAt } = await bench.item('G1');
    done(await bench.change({ key: 'offer.seconds', value: 100 }));
    await bench.settled();
    expect((await bench.item('G1')).offerEndsAt).toBe(offerEndsAt);
    await bench.pass(15_000);
    // The next offer has the new time.
    expect((await bench.item('G1')).offerEndsAt).toBe(bench.clock.now() + 100_000);
  });

  it('[PC6] says when what runs is to be counted anew, also with the value that holds', async () => {
    const change = { key: 'offer.seconds', value: 15, recalculate: true };
    expect(done(await bench.change(change))).toMatchObject({ version: 2 });
    await bench.settled();
    expect(told('policy.changed').at(-1)!.data).toMatchObject({ recalculate: true, before: 15, value: 15 });
  });

  describe('after a restart', () => {
    it('[PC1] [PC4] has what was set, and tells nothing anew', async () => {
      done(await bench.change({ key: 'offer.seconds', value: 20 }));
      await restart();
      expect([bench.policy.number('offer.seconds'), bench.policy.version]).toEqual([20, 2]);
      expect((await bench.reading.all()).filter(({ version }) => version > 1)).toHaveLength(1);
      expect(await findings()).toEqual([]);
    });

    it('[PC1] [PC7] has another file’s values where no command set any, all of one version', async () => {
      done(await bench.change({ key: 'offer.seconds', value: 20 }));
      await restart({ policy: { 'offer.seconds': 25, 'wrapUp.seconds': 90, 'shift.handover': 'head' } });
      expect(bench.policy.number('offer.seconds')).toBe(20);
      expect(bench.policy.number('wrapUp.seconds')).toBe(90);
      expect([await bench.card('wrapUp.seconds'), await bench.card('shift.handover')]).toMatchObject([
        { value: 90, version: 3, default: 60 },
        { value: 'head', version: 3 },
      ]);
      expect((await history('wrapUp.seconds')).map(({ value, state }) => [value, state])).toEqual([
        [90, 'in_force'],
        [60, 'past'],
      ]);
      await restart();
      expect([bench.policy.number('wrapUp.seconds'), bench.policy.version]).toEqual([60, 4]);
      expect(await findings()).toEqual([]);
    });

    it('[PC7] tells of another unit, default or clause, and of policies that are no more', async () => {
      const card = await bench.card('offer.seconds');
      const origin = { actorId: 'system', commandId: 'c', causationId: null, recordedAt: bench.clock.now() };
      // As an earlier program left them.
      await bench.unitOfWork.run((tx) =>
        bench.get(EventLog).append(tx, origin, [
          ...[
            { ...card, clause: 'QS1' },
            { ...card, key: 'old.seconds' },
          ].map((card) => ({
            subject: `policy:${card.key}` as const,
            type: 'policy.described' as const,
            at: bench.clock.now(),
            version: null,
            data: { key: card.key },
            card,
            rooms: { policy: 'full' as const },
          })),
        ]),
      );
      await restart();
      expect(await bench.card('offer.seconds')).toEqual(card);
      expect(await bench.card('old.seconds' as PolicyKey)).toBeUndefined();
      expect(await findings()).toEqual([]);
    });

    it('[PC2] falls back to the file where the program no longer allows what was set or planned', async () => {
      const { changeId } = await bench.plan('wrapUp.seconds', 70, MINUTE_MS);
      await bench.unitOfWork.run(async (tx) => {
        const row = { key: 'offer.seconds', value: 5_000, unit: 's', version: 2, since: 0, changeId: null };
        await bench.store.putInForce(tx, [{ ...row, before: undefined }], bench.clock.now());
        await tx.run('UPDATE policy_change SET value = ? WHERE change_id = ?', ['-1', changeId]);
      });
      await restart();
      expect([bench.policy.number('offer.seconds'), bench.policy.version]).toEqual([15, 3]);
      await bench.pass(2 * MINUTE_MS);
      expect(bench.policy.number('wrapUp.seconds')).toBe(60);
      const [planned] = (await history('wrapUp.seconds')) as [PolicyHistoryEntry];
      expect(planned).toMatchObject({ state: 'withdrawn', withdrawn: { by: 'system' } });
      expect(await findings()).toEqual([]);
    });
  });

  describe('on another node', () => {
    it('[PC4] follows, and catches up with what it did not hear of', async () => {
      done(await bench.change({ key: 'offer.seconds', value: 20 }));
      const node = await bench.node();
      expect(node.policy.number('offer.seconds')).toBe(20);
      const { version } = done<{ version: number }>(await bench.change({ key: 'offer.seconds', value: 25 }));
      await node.live.reached(version);
      expect([node.policy.number('offer.seconds'), node.policy.version]).toEqual([25, version]);
      await bench.plan('wrapUp.seconds', 70, MINUTE_MS);
      await bench.pass(MINUTE_MS);
      await node.settled();
      expect(node.policy.number('wrapUp.seconds')).toBe(70);
      await node.stop();
    });

    it('[PC4] takes older news for what they are', () => {
      const policy = readPolicy('config');
      policy.hold('offer.seconds', { value: 30, unit: 's', version: 5 });
      policy.hold('offer.seconds', { value: 20, unit: 's', version: 4 });
      policy.hold('offer.seconds', { value: 20, unit: 's', version: 5 });
      expect([policy.number('offer.seconds'), policy.version]).toEqual([30, 5]);
      // What a newer program allows, or knows at all, this one does not understand.
      policy.hold('offer.seconds', { value: 5_000, unit: 's', version: 6 });
      policy.hold('offer.newer', { value: 1, unit: 's', version: 7 });
      expect([policy.number('offer.seconds'), policy.version]).toEqual([30, 7]);
    });
  });
});

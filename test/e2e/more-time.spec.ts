import type { QueueItemCard } from '@minqing-hub/client-sdk/protocol';
import { clockIn, ClockedTown } from '../support/clocked-town.js';
import { expectSameAsFresh, itemOf, orderIn } from '../support/consoles.js';
import { until } from '../support/until.js';

const chinaTime = (text: string) => Date.parse(`${text}+08:00`);
const MINUTE = 60_000;
/**
 * Monday 21 September 2026, 10:00 in China. By the State Council's notice Friday 25 to Sunday 27 September are free,
 * 1 to 7 October too, and Saturday 10 October is worked.
 */
const MONDAY = chinaTime('2026-09-21T10:00:00');
/** Three workdays, the day of the dispatch not counted. */
const DUE = chinaTime('2026-09-25T00:00:00');

describe('more time for an order, through the hub', () => {
  let town: ClockedTown;
  beforeEach(async () => {
    town = await ClockedTown.at(MONDAY);
  });
  afterEach(async () => {
    expect(await town.disagreements()).toEqual([]);
    await town.close();
  });

  const handling = async (orderNo: string) => clockIn(await town.detail(orderNo), 'HANDLING');

  it('[T17] [EX5] goes from the unit through its leader and the dispatchers’ queue into the due at every console', async () => {
    const [unit, queue] = [
      await town.room('unit-works', 'unit:works'),
      await town.room('dispatcher01', 'queue:dispatch'),
    ];
    const orderNo = await town.contacted();
    await until('the unit to see when it is due', () => clockIn(orderIn(unit, orderNo), 'HANDLING')?.dueAt === DUE);

    await town.act('handler-works', 'requestExtension', orderNo, { extra: 2, reason: '等材料到货' });
    const asked = { unitId: 'works', extra: 2, basis: 'workday', reason: '等材料到货', at: MONDAY };
    expect(await town.detail(orderNo)).toMatchObject({
      awaits: 'extension',
      extension: { ...asked, endorsed: false },
    });
    expect(itemOf(queue, orderNo)).toBeUndefined();

    await town.act('deputy-works', 'approveExtension', orderNo);
    await until('the desk to find it', () => itemOf(queue, orderNo) !== undefined);
    expect(itemOf(queue, orderNo)).toMatchObject<Partial<QueueItemCard>>({ dueAt: MONDAY + 120 * MINUTE });
    expect((await town.detail(orderNo)).extension).toEqual({ ...asked, endorsed: true });

    await town.act('dispatcher01', 'approveExtension', orderNo);
    const later = chinaTime('2026-09-30T00:00:00');
    await until('the unit to see it', () => clockIn(orderIn(unit, orderNo), 'HANDLING')?.dueAt === later);
    expect(clockIn(orderIn(unit, orderNo), 'HANDLING')).toMatchObject({ limit: 5, basis: 'workday' });
    await until('the queue to be done with it', () => itemOf(queue, orderNo) === undefined);
    expect(await town.detail(orderNo)).toMatchObject({ state: 'handling', awaits: null, extension: null });
    expect(await town.refused('unit-works', 'requestExtension', orderNo, { extra: 1, reason: '再等' })).toMatchObject({
      code: 'extension_spent',
      clause: 'EX1',
    });
    await expectSameAsFresh(town.hub.url, 'unit-works', unit, 'unit:works');
    await expectSameAsFresh(town.hub.url, 'dispatcher01', queue, 'queue:dispatch');

    // Nothing is said of the due that it had; of the new one everything.
    await town.moveTo(later - MINUTE);
    await until('the warning', async () => (await handling(orderNo))?.signal === 'amber');
    await town.moveTo(later);
    await until('the new due to be told', async () => (await handling(orderNo))?.signal === 'overdue');
  });

  it('[T17] the desk says no with a reason, which stands in the file', async () => {
    const orderNo = await town.contacted();
    await town.act('unit-works', 'requestExtension', orderNo, { extra: 3, reason: '人手不足' });
    const early = await town.refused('dispatcher01', 'approveExtension', orderNo);
    expect(early).toMatchObject({ code: 'nothing_to_confirm', clause: 'T17' });
    await town.act('deputy-works', 'approveExtension', orderNo);
    const bare = await town.refused('dispatcher01', 'declineProposal', orderNo, { reason: ' ' });
    expect(bare).toMatchObject({ code: 'payload_invalid', field: 'reason' });
    await town.act('dispatcher01', 'declineProposal', orderNo, { reason: '人手不足不是理由' });
    const { notes, extension, awaits } = await town.detail(orderNo);
    expect([extension, awaits]).toEqual([null, null]);
    expect(notes).toContainEqual(expect.objectContaining({ type: 'decline', text: '人手不足不是理由' }));
    expect((await handling(orderNo))?.dueAt).toBe(DUE);
  });

  it('[EX6] is taken back by the unit before the desk decides, at every console, and may be asked for again', async () => {
    const [deputy, queue, desk] = [
      await town.room('deputy-works', 'unit:works'),
      await town.room('dispatcher01', 'queue:dispatch'),
      await town.room('dispatcher01', 'desk:city'),
    ];
    const orderNo = await town.contacted();
    const wish = { extra: 2, reason: '等材料到货' };
    const none = await town.refused('unit-works', 'cancelRequest', orderNo);
    expect(none).toMatchObject({ code: 'nothing_to_confirm', clause: 'EX6' });
    await town.act('handler-works', 'requestExtension', orderNo, wish);
    await town.act('deputy-works', 'approveExtension', orderNo);
    await until('the desk to find it', () => itemOf(queue, orderNo) !== undefined);
    await until('the desk to see what it waits for', () => orderIn(desk, orderNo)?.awaits === 'extension');

    const seen = await town.detail(orderNo);
    await town.act('unit-works', 'cancelRequest', orderNo);
    await until('the queue to be rid of it', () => itemOf(queue, orderNo) === undefined);
    await until('the desk to be rid of it', () => orderIn(desk, orderNo) === undefined);
    await until('its leader to see it', () => orderIn(deputy, orderNo)?.awaits === null);
    expect((await town.trail(orderNo)).findLast(({ type }) => type === 'order.request_cancelled')).toMatchObject({
      actor: 'unit-works',
      data: { what: 'extension', requestedBy: 'handler-works' },
    });
    const late = await town.refused('dispatcher01', 'approveExtension', orderNo, { expectedVersion: seen.version });
    expect(late.code).toBe('version_conflict');
    expect(await handling(orderNo)).toMatchObject({ dueAt: DUE, signal: null });
    await expectSameAsFresh(town.hub.url, 'dispatcher01', queue, 'queue:dispatch');

    await town.act('handler-works', 'requestExtension', orderNo, { ...wish, reason: '改等检测' });
    expect((await town.detail(orderNo)).extension).toMatchObject({ reason: '改等检测', endorsed: false });
    await town.act('deputy-works', 'approveExtension', orderNo);
    await town.act('dispatcher01', 'approveExtension', orderNo);
    expect((await handling(orderNo))?.dueAt).toBe(chinaTime('2026-09-30T00:00:00'));
  });

  it('[EX3] lapses when the time runs out, leaves the queue, and says so', async () => {
    const queue = await town.room('dispatcher01', 'queue:dispatch');
    const orderNo = await town.contacted();
    await town.act('unit-works', 'requestExtension', orderNo, { extra: 1, reason: '等材料' });
    await town.moveTo(DUE - MINUTE);
    await town.act('deputy-works', 'approveExtension', orderNo);
    await until('the desk to find it', () => itemOf(queue, orderNo) !== undefined);
    expect(itemOf(queue, orderNo)?.dueAt).toBe(DUE);

    await town.moveTo(DUE);
    const late = await town.refused('dispatcher01', 'approveExtension', orderNo);
    // The hub may have been first, also between what was read of the order and what was asked of it.
    expect(['clock_expired', 'nothing_to_confirm', 'version_conflict']).toContain(late.code);
    await until('it to have lapsed', async () => (await town.detail(orderNo)).awaits === null);
    await until('the queue to be rid of it', () => itemOf(queue, orderNo) === undefined);
    expect((await town.trail(orderNo)).at(-1)).toMatchObject({
      type: 'order.proposal_declined',
      actor: 'system',
      data: { what: 'extension', proposedBy: 'unit-works' },
    });
    expect(await handling(orderNo)).toMatchObject({ dueAt: DUE, signal: 'overdue' });
    const again = await town.refused('unit-works', 'requestExtension', orderNo, { extra: 1, reason: '等材料' });
    expect(again).toMatchObject({ code: 'clock_expired', clause: 'T17' });
  });

  it('[EX4] a promise is an earlier due at every console, and warns for itself', async () => {
    const unit = await town.room('unit-works', 'unit:works');
    const orderNo = await town.contacted();
    expect(await town.refused('unit-works', 'promiseDue', orderNo, { dueOn: '2026-09-24' })).toMatchObject({
      code: 'not_earlier',
      field: 'dueOn',
    });
    expect(await town.refused('unit-works', 'promiseDue', orderNo, { dueOn: '2026-09-31' })).toMatchObject({
      code: 'payload_invalid',
      field: 'dueOn',
    });
    await town.act('unit-works', 'promiseDue', orderNo, { dueOn: '2026-09-22' });
    const promised = chinaTime('2026-09-23T00:00:00');
    await until('the promise to count', () => clockIn(orderIn(unit, orderNo), 'HANDLING')?.dueAt === promised);
    expect(await handling(orderNo)).toMatchObject({ source: 'promised' });
    await town.moveTo(promised);
    await until('the promise to be broken', async () => (await handling(orderNo))?.signal === 'overdue');
  });

  describe('an order that is put aside', () => {
    /** To Wednesday 30 September, 24:00, which is the beginning of the holiday. */
    async function suspended(): Promise<string> {
      const orderNo = await town.contacted();
      const facts = { reasonCode: 'third_party', until: '2026-09-30', reason: '等燃气公司迁改管线' };
      await town.act('handler-works', 'requestSuspension', orderNo, facts);
      await town.act('deputy-works', 'approveSuspension', orderNo);
      await town.act('dispatcher01', 'approveSuspension', orderNo);
      return orderNo;
    }
    const UNTIL = chinaTime('2026-10-01T00:00:00');

    it('[T18] [T19] [C5] stands still over a holiday, and goes on by the clock with what was left', async () => {
      const supervision = await town.room('supervisor01', 'supervision:city');
      const orderNo = await suspended();
      await until('who supervises to see it', () => orderIn(supervision, orderNo)?.state === 'suspended');
      expect(await town.detail(orderNo)).toMatchObject({
        state: 'suspended',
        suspension: {
          unitId: 'works',
          reasonCode: 'third_party',
          until: UNTIL,
          reason: '等燃气公司迁改管线',
          endorsed: true,
          since: MONDAY,
        },
      });
      expect(await handling(orderNo)).toMatchObject({
        ...{ state: 'paused', pausedFor: 'suspended', dueAt: DUE },
        pausedBecause: ['third_party'],
      });

      await town.moveTo(UNTIL - 1000);
      expect(await handling(orderNo)).toMatchObject({ state: 'paused', signal: null });
      await town.moveTo(UNTIL);
      await until('the order to go on', async () => (await town.detail(orderNo)).state === 'handling');
      await until('who supervises to be done with it', () => orderIn(supervision, orderNo) === undefined);
      const clock = await handling(orderNo);
      // Three workdays were left: Thursday 8, Friday 9 and Saturday 10 October.
      expect(clock).toMatchObject({ state: 'running', dueAt: chinaTime('2026-10-11T00:00:00'), provisional: false });
      expect(clock).toMatchObject({ pausedMs: UNTIL - MONDAY, pausedFor: null, pausedBecause: ['third_party'] });
      expect((await town.detail(orderNo)).suspension).toBeNull();
      expect((await town.trail(orderNo)).filter(({ type }) => type === 'order.resumed')).toMatchObject([
        { actor: 'system', data: { byClock: true } },
      ]);
    });

    it('[T19] goes on earlier by the unit’s word, and no second time by the clock', async () => {
      const orderNo = await suspended();
      await town.moveTo(chinaTime('2026-09-28T09:00:00'));
      await town.act('unit-works', 'resume', orderNo, { reason: '管线已迁改' });
      expect(await handling(orderNo)).toMatchObject({
        state: 'running',
        dueAt: chinaTime('2026-10-09T00:00:00'),
      });
      expect((await town.detail(orderNo)).notes).toContainEqual(
        expect.objectContaining({ type: 'resume', text: '管线已迁改' }),
      );
      const again = await town.refused('unit-works', 'requestSuspension', orderNo, {
        reasonCode: 'third_party',
        until: '2026-10-20',
        reason: '再等',
      });
      expect(again).toMatchObject({ code: 'suspension_spent', clause: 'EX2' });
      const { version } = await town.detail(orderNo);
      await town.moveTo(UNTIL + MINUTE);
      expect(await town.detail(orderNo)).toMatchObject({ version, state: 'handling' });
    });

    it('[T18] [C4u] does not keep the contact clock of the next unit from running out', async () => {
      const orderNo = await town.dispatched();
      await town.act('unit-works', 'redispatchDown', orderNo, { unitId: 'works-roads' });
      await town.contact('unit-works-roads', orderNo);
      const facts = { reasonCode: 'project_approval', until: '2026-09-30', reason: '等立项' };
      await town.act('unit-works-roads', 'requestSuspension', orderNo, facts);
      await town.act('deputy-works-roads', 'approveSuspension', orderNo);
      await town.act('dispatcher01', 'approveSuspension', orderNo);
      await town.moveTo(MONDAY + MINUTE);
      await town.act('unit-works-roads', 'escalateLevel', orderNo, { toUnitId: 'district', reason: '须区里统筹' });
      await town.act('dispatcher01', 'confirmEscalation', orderNo);

      const contact = async () => clockIn(await town.detail(orderNo), 'CONTACT_UNIT');
      expect(await contact()).toMatchObject({ state: 'running', unitId: 'district' });
      await town.moveTo(MONDAY + MINUTE + 24 * 60 * MINUTE);
      await until('the contact to be late', async () => (await contact())?.signal === 'overdue');
      expect(await town.detail(orderNo)).toMatchObject({ state: 'suspended' });
      expect(await handling(orderNo)).toMatchObject({ state: 'paused', signal: null });
    });

    it('[T18] is not put aside before the first contact, nor for a reason that is no reason', async () => {
      const orderNo = await town.dispatched();
      await town.act('unit-works', 'acknowledge', orderNo);
      const facts = { reasonCode: 'third_party', until: '2026-09-30', reason: '等第三方' };
      expect(await town.refused('unit-works', 'requestSuspension', orderNo, facts)).toMatchObject({
        code: 'contact_missing',
        clause: 'T18',
      });
      const odd = { ...facts, reasonCode: 'no_time' };
      expect(await town.refused('unit-works', 'requestSuspension', orderNo, odd)).toMatchObject({
        code: 'payload_invalid',
        field: 'reasonCode',
      });
      const far = { ...facts, until: '2027-09-22' };
      await town.contact('unit-works', orderNo);
      expect(await town.refused('unit-works', 'requestSuspension', orderNo, far)).toMatchObject({
        code: 'suspension_too_long',
        clause: 'EX2',
        field: 'until',
      });
    });
  });
});

import { itemOf, orderIn } from '../support/consoles.js';
import { verifyFloor } from '../../src/floor/verify-floor.js';
import { ClockedTown, clockIn } from '../support/clocked-town.js';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { until } from '../support/until.js';

const HOUR = 3_600_000;
const chinaTime = (text: string) => Date.parse(`${text}+08:00`);
/** Monday, in a year whose notice the hub does not have. */
const MONDAY = chinaTime('2026-09-21T10:00:00');

describe('clocks that are counted anew while they run', () => {
  let town: ClockedTown;
  beforeEach(async () => {
    town = await ClockedTown.at(MONDAY);
  });
  afterEach(() => town.close());

  const set = (key: string, value: number, more: object = {}) =>
    town.by('admin').act('changePolicy', { key, value, reason: '试行一段', ...more });
  const clock = async (orderNo: string, name: Parameters<typeof clockIn>[1]) =>
    clockIn(await town.detail(orderNo), name)!;
  /** Of a matter that no duty list gives to anybody. */
  const registered = async () =>
    (
      await town.by('agent001').act('register', {
        channel: '12345',
        title: '路灯',
        text: '路灯不亮',
        kind: 'resolution',
        catalogCode: '6-1-2',
        requester: { name: '来电人', phone: '13812345678' },
        place: { areaCode: '101' },
      })
    ).orderNo;
  const deferred = async () => {
    const orderNo = await registered();
    await town.act('agent001', 'accept', orderNo);
    await until('a dispatcher to be asked', async () =>
      (await town.trail(orderNo)).some(({ type }) => type === 'order.dispatch_deferred'),
    );
    return orderNo;
  };
  const agrees = async () => {
    expect(await town.disagreements()).toEqual([]);
    expect(await verifyFloor(town.hub.app.get(ReadModel))).toMatchObject({ findings: 0 });
  };

  it('[PC6] are those of the policy that says so, and of no other that was changed before', async () => {
    const handled = await town.contacted();
    const waiting = await registered();
    const { dueAt } = await clock(handled, 'HANDLING');
    await set('handling.limit.simple', 1);
    await set('accept.limit.other', 3, { recalculate: true });
    await until('acceptance to be due later', async () => (await clock(waiting, 'ACCEPT')).limit === 3 * HOUR);
    const trail = await town.trail(handled);
    expect(trail.filter(({ type }) => type === 'deadline.recalculated')).toEqual([]);
    expect((await clock(handled, 'HANDLING')).dueAt).toBe(dueAt);
    await set('handling.limit.simple', 1, { recalculate: true });
    await until('the handling to be due sooner', async () => (await clock(handled, 'HANDLING')).limit === 1);
    expect((await clock(waiting, 'ACCEPT')).limit).toBe(3 * HOUR);
    await agrees();
  });

  it('[QS1] [C0] [PC6] move their item in its queue, at every console', async () => {
    const queue = await town.room('agent002', 'queue:register');
    const first = await registered();
    await town.moveTo(MONDAY + HOUR / 2);
    const later = await registered();
    await set('accept.limit.other', 1, { recalculate: true });
    for (const [orderNo, dueAt] of [
      [first, MONDAY + HOUR],
      [later, MONDAY + 1.5 * HOUR],
    ] as const) {
      await until('the item to say when it is due', () => itemOf(queue, orderNo)?.dueAt === dueAt);
      expect((await clock(orderNo, 'ACCEPT')).dueAt).toBe(dueAt);
    }
    const rows = await town.hub.app
      .get(ReadModel)
      .run((tx) => tx.all('SELECT order_no, due_at, due_order FROM queue_item ORDER BY due_order'));
    expect(rows).toEqual([
      { order_no: first, due_at: MONDAY + HOUR, due_order: MONDAY + HOUR },
      { order_no: later, due_at: MONDAY + 1.5 * HOUR, due_order: MONDAY + 1.5 * HOUR },
    ]);
    const amberBefore = (orderNo: string) => {
      const { dueAt = null, amberAt = null, overdueAt = null } = itemOf(queue, orderNo) ?? {};
      return { late: overdueAt === dueAt, before: (dueAt ?? 0) - (amberAt ?? 0) };
    };
    expect([first, later].map(amberBefore)).toEqual(Array(2).fill({ late: true, before: HOUR / 5 }));
    await set('clock.amber.minutes', 20, { recalculate: true });
    await until('one item to say when it turns amber', () => amberBefore(later).before === HOUR / 3);
    await until('the other to say so, too', async () => {
      const { dueAt, amberAt } = await clock(first, 'ACCEPT');
      return amberAt !== null && amberBefore(first).before === dueAt - amberAt;
    });
    await agrees();
  });

  it('[C1] [PC6] are the dispatch too: from where it began, and card, queue and clock agree', async () => {
    const [desk, queue] = [
      await town.room('dispatcher01', 'desk:city'),
      await town.room('dispatcher01', 'queue:dispatch'),
    ];
    const orderNo = await deferred();
    await town.moveTo(MONDAY + HOUR);
    await set('dispatch.limit.normal', 720, { recalculate: true });
    const dueAt = MONDAY + 12 * HOUR;
    await until('the dispatch to be due later', async () => (await clock(orderNo, 'DISPATCH')).dueAt === dueAt);
    expect(await clock(orderNo, 'DISPATCH')).toMatchObject({ limit: 12 * HOUR, startedAt: MONDAY });
    expect(await town.detail(orderNo)).toMatchObject({ dispatchDueAt: dueAt });
    await until('the desk and the queue to say the same', () =>
      [orderIn(desk, orderNo)?.dispatchDueAt, itemOf(queue, orderNo)?.dueAt].every((one) => one === dueAt),
    );
    await agrees();
  });

  it('[EX8] [PC6] are extended by nothing that was asked for while they were counted otherwise', async () => {
    const orderNo = await town.contacted();
    const asks = async (extra: number) => {
      await town.act('handler-works', 'requestExtension', orderNo, { extra, reason: '等材料到货' });
      await town.act('deputy-works', 'approveExtension', orderNo);
    };
    const countedBy = async (value: number, unit: string, limit: number) => {
      await set('handling.limit.simple', value, { unit, recalculate: true });
      await until(`${value} ${unit}`, async () => (await clock(orderNo, 'HANDLING')).limit === limit);
    };
    await asks(2);
    await countedBy(72, 'h', 72 * HOUR);
    expect((await town.detail(orderNo)).extension).toMatchObject({ extra: 2, basis: 'workday' });
    const { dueAt } = await clock(orderNo, 'HANDLING');
    expect(await town.refused('dispatcher01', 'approveExtension', orderNo)).toMatchObject({ clause: 'EX8' });
    await town.act('unit-works', 'cancelRequest', orderNo);
    await asks(5);
    expect((await town.detail(orderNo)).extension).toMatchObject({ extra: 5 * HOUR, basis: 'wall' });
    expect(await clock(orderNo, 'HANDLING')).toMatchObject({ dueAt, basis: 'wall' });

    await countedBy(3, 'workday', 3);
    expect((await town.detail(orderNo)).extension).toMatchObject({ extra: 5 * HOUR, basis: 'wall' });
    const refusal = await town.refused('dispatcher01', 'approveExtension', orderNo);
    expect(refusal).toMatchObject({ code: 'transition_not_allowed', clause: 'EX8' });
    await town.act('dispatcher01', 'declineProposal', orderNo, { reason: '请按工作日申请' });
    await asks(1);
    await town.act('dispatcher01', 'approveExtension', orderNo);
    expect(await clock(orderNo, 'HANDLING')).toMatchObject({ limit: 4, basis: 'workday' });
    await agrees();
  });

  it.each([
    ['sooner, for a notice makes a workday of a holiday', [], '2026-09-26T00:00:00'],
    ['later, for a notice makes a holiday longer', ['2026-09-25', '2026-09-28'], '2026-09-30T00:00:00'],
  ])('[A27] [CK10] say again that they are late %s', async (_, off, at) => {
    const orderNo = await town.contacted();
    await town.moveTo(chinaTime('2026-09-25T00:00:30'));
    await until('the handling to be late', async () => (await clock(orderNo, 'HANDLING')).signal === 'overdue');
    const statutory = ['2026-01-01', '2026-05-01', '2026-10-01'];
    const days = [...statutory, ...off].map((date) => ({ name: '节', date, isOffDay: true }));
    const source = encodeURIComponent('https://www.gov.cn/notice.htm');
    const imported = await town.by('admin').post(`/api/calendar/notices?source=${source}`, { year: 2026, days });
    expect(imported.status).toBe(200);
    const repeats = () =>
      town.hub.app.get(ReadModel).run(async (tx) => {
        const rows = await tx.all<{ next_signal_at: number }>(
          `SELECT next_signal_at FROM clock WHERE subject = ? AND kind = 'HANDLING'`,
          [`order:${orderNo}`],
        );
        return rows[0]!.next_signal_at;
      });
    await until('the row to have another time', async () => (await repeats()) === chinaTime(at));
    await town.moveTo(chinaTime(at) + 1_000);
    await until('it to say so', async () => (await clock(orderNo, 'HANDLING')).signal === 'overdue_1wd');
    await agrees();
  });
});

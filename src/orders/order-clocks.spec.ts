import type { ClockName } from '@minqing-hub/client-sdk/protocol';
import { newId, newRequest } from '../../test/support/consoles.js';
import { benchForEachTest, type OrderBench } from '../../test/support/order-bench.js';

const HOUR = 3_600_000;
/** A Monday. */
const BEGIN = Date.parse('2026-03-02T09:00:00+08:00');

describe('the clocks of an order in the hub', () => {
  let bench: OrderBench;
  benchForEachTest(BEGIN, (opened) => (bench = opened));

  const register = async (more: object = {}) => {
    const request = { ...newRequest(), ...more, source: 'app', sourceId: newId() };
    return (await bench.act('agent001', 'register', request)).orderNo;
  };
  const does = async (username: string, name: 'accept' | 'dispatch' | 'acknowledge', orderNo: string, more = {}) => {
    const { version } = await bench.order(orderNo);
    await bench.act(username, name, { orderNo, expectedVersion: version, ...more });
    await bench.settled();
  };
  const told = async (orderNo: string, clock: ClockName) =>
    (await bench.trail(orderNo))
      .filter(({ type, data }) => data.clock === clock || type.startsWith('order.'))
      .map(({ type, data }) =>
        type.startsWith('deadline.') ? `${type} ${(data.signal as string) ?? ''}`.trim() : type,
      );

  it('[CK14] [C0] [I5] say that they are over before the act that ends them, though nothing had rung yet', async () => {
    const orderNo = await register();
    bench.leap(2 * HOUR + 1);
    await does('agent001', 'accept', orderNo, { noPlace: true });
    expect(await told(orderNo, 'ACCEPT')).toEqual([
      'order.registered',
      'deadline.started',
      'deadline.amber amber',
      'deadline.overdue overdue',
      'order.accepted',
      'deadline.met',
      'order.dispatch_deferred',
    ]);
    const view = (await bench.order(orderNo)).clocks.find(({ clock }) => clock === 'ACCEPT');
    expect(view).toMatchObject({ state: 'met', signal: 'overdue' });
    await bench.pass(2_000);
    expect((await told(orderNo, 'ACCEPT')).filter((one) => one.includes('overdue'))).toHaveLength(1);
  });

  it('[CK14] [C0] say nothing of the kind when the act came in time, however shortly', async () => {
    const orderNo = await register();
    bench.leap(2 * HOUR - 1);
    await does('agent001', 'accept', orderNo, { noPlace: true });
    await bench.pass(3_000);
    expect(await told(orderNo, 'ACCEPT')).not.toContain('deadline.overdue overdue');
  });

  it('[CK14] [CK13] bring the order to the leaders’ room at once when its clock is over, and not taken on in time', async () => {
    const orderNo = await register({ grade: 'urgent' });
    await does('agent001', 'accept', orderNo, { noPlace: true });
    await does('dispatcher01', 'dispatch', orderNo, { unitId: 'housing' });
    bench.leap(HOUR / 2 + 1);
    await does('unit-housing', 'acknowledge', orderNo);
    const rooms = await bench.readModel.run((tx) =>
      tx.all<{ room: string }>('SELECT room FROM room_card WHERE card_key = ?', [`order:${orderNo}`]),
    );
    expect(rooms.map(({ room }) => room)).toEqual(expect.arrayContaining(['leader:housing', 'desk:city']));
  });

  it('[CK10] [A27] repeat after the first workday as a notice makes it that comes when they are over already', async () => {
    bench.leap(Date.parse('2027-01-29T09:00:00+08:00') - bench.clock.now());
    await bench.pass(2_000);
    const orderNo = await register();
    bench.leap(2 * HOUR);
    await bench.pass(2_000);
    const days = [
      ...['2027-01-01', '2027-02-05', '2027-05-01', '2027-10-01'].map((date) => ({ date, isOffDay: true })),
      { date: '2027-01-30', isOffDay: false },
    ];
    await bench.act('admin', 'importHolidayNotice', { text: JSON.stringify({ year: 2027, days }), source: '通知' });
    await bench.settled();
    bench.leap(Date.parse('2027-01-31T00:00:00+08:00') - bench.clock.now() - 1_000);
    await bench.pass(500);
    expect(await told(orderNo, 'ACCEPT')).not.toContain('deadline.overdue overdue_1wd');
    await bench.pass(2_000);
    expect(await told(orderNo, 'ACCEPT')).toContain('deadline.overdue overdue_1wd');
  });
});

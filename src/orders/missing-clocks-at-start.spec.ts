import type { ClockView } from '@minqing-hub/client-sdk/protocol';
import { newId, newRequest } from '../../test/support/consoles.js';
import { FakeClock } from '../../test/support/fake-clock.js';
import { copyOf, demoFolder, openOrderBench, type OrderBench, removed } from '../../test/support/order-bench.js';
import { verifyClocks } from './verify-clocks.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Monday. */
const BEGIN = Date.parse('2026-03-02T09:00:00+08:00');
/** More than one portion. */
const WAITING = 55;

describe('orders of before there were clocks', () => {
  let demo: string;
  let bench: OrderBench;

  beforeAll(async () => {
    demo = await demoFolder(BEGIN);
  });
  afterAll(() => removed(demo));
  beforeEach(async () => {
    bench = await openOrderBench({ folder: await copyOf(demo), clock: new FakeClock(BEGIN) });
  });
  afterEach(async () => {
    await bench.stop();
    await removed(bench.folder);
  });

  const register = async () =>
    (await bench.act('agent001', 'register', { ...newRequest(), source: 'app', sourceId: newId() })).orderNo;
  const act = async (username: string, name: 'accept' | 'dispatch' | 'acknowledge', orderNo: string, more = {}) => {
    const { version } = await bench.order(orderNo);
    await bench.act(username, name, { orderNo, expectedVersion: version, ...more });
    await bench.settled();
  };
  const withUnit = async () => {
    const orderNo = await register();
    await act('agent001', 'accept', orderNo, { noPlace: true });
    await act('dispatcher01', 'dispatch', orderNo, { unitId: 'housing' });
    return orderNo;
  };
  const open = async (orderNo: string): Promise<Pick<ClockView, 'clock' | 'startedAt' | 'dueAt'>[]> =>
    (await bench.order(orderNo)).clocks
      .filter(({ state }) => state === 'running')
      .map(({ clock, startedAt, dueAt }) => ({ clock, startedAt, dueAt }))
      .sort((a, b) => a.clock.localeCompare(b.clock));
  const forgetClocks = () =>
    bench.unitOfWork.run(async (tx) => {
      await tx.run(`DELETE FROM clock WHERE details IS NOT NULL AND state IN ('running', 'paused')`);
      await tx.run(`DELETE FROM hub_setting WHERE name = 'clocks.begun'`);
    });
  const restart = async (after: number) => {
    const { folder } = bench;
    await bench.stop();
    bench = await openOrderBench({ folder, clock: new FakeClock(bench.clock.now() + after) });
  };

  it('[CK15] [I8] get theirs when the hub serves again, due as if they had always run, each once', async () => {
    const waiting: string[] = [];
    for (let n = 0; n < WAITING; n += 1) waiting.push(await register());
    const given = await withUnit();
    await bench.pass(10_000);
    const worked = await withUnit();
    await act('unit-housing', 'acknowledge', worked);
    const all = [...waiting, given, worked];
    const before = await Promise.all(all.map(open));
    expect(before.at(-1)!.map(({ clock }) => clock)).toEqual(['CONTACT_CITIZEN', 'CONTACT_UNIT', 'HANDLING']);
    const registered = bench.clock.now();

    await forgetClocks();
    const { findings, first } = await verifyClocks(bench.readModel);
    expect(findings).toBeGreaterThan(WAITING);
    expect(first).toContain(`order:${waiting[0]}:ACCEPT:1：该有的时限没有开始`);
    expect(await Promise.all(all.map(open))).toEqual(all.map(() => []));
    await restart(HOUR);
    await bench.pass(5_000);
    expect(await Promise.all(all.map(open))).toEqual(before);
    expect(before.flat().every(({ startedAt }) => startedAt <= registered)).toBe(true);
    expect(await verifyClocks(bench.readModel)).toMatchObject({ findings: 0 });
    const ofClocks = () =>
      bench.readModel.run((tx) =>
        tx.all<{ n: number }>(
          `SELECT type, COUNT(*) AS n FROM event WHERE type LIKE 'deadline.%' GROUP BY type ORDER BY type`,
        ),
      );
    const told = await ofClocks();
    await restart(0);
    await bench.pass(5_000);
    expect(await ofClocks()).toEqual(told);
  });

  it('[CK15] [C4u] [I8] have met by a contact of that time what asks for one', async () => {
    const orderNo = await withUnit();
    await bench.pass(10_000);
    const { version } = await bench.order(orderNo);
    const at = bench.clock.now();
    const contact = {
      channel: 'phone',
      at: new Date(at).toISOString(),
      outcome: 'reached',
      summary: '已联系',
    } as const;
    await bench.act('handler-housing', 'recordContact', { orderNo, expectedVersion: version, ...contact });
    await bench.settled();
    await bench.unitOfWork.run(async (tx) => {
      // An order said only that somebody had been reached, not whose contact it was.
      const { body } = (await tx.one<{ body: string }>('SELECT body FROM work_order WHERE order_no = ?', [orderNo]))!;
      const old = body.replaceAll(/,"contactMetAt":\d+/g, '');
      expect(old).not.toBe(body);
      await tx.run('UPDATE work_order SET body = ? WHERE order_no = ?', [old, orderNo]);
      await tx.run(`DELETE FROM clock WHERE subject = ? AND details IS NOT NULL`, [`order:${orderNo}`]);
    });
    await forgetClocks();
    await restart(DAY);
    await bench.pass(5_000);
    const rows = await bench.readModel.run((tx) =>
      tx.all<{ details: string }>(`SELECT details FROM clock WHERE subject = ? AND details IS NOT NULL`, [
        `order:${orderNo}`,
      ]),
    );
    const clocks = rows.map(({ details }) => JSON.parse(details) as ClockView);
    expect(clocks.find(({ clock }) => clock === 'HANDLING')).toMatchObject({ state: 'running' });
    expect(clocks.find(({ clock }) => clock === 'CONTACT_UNIT')).toMatchObject({ state: 'met', endedAt: at });
    const { first } = await verifyClocks(bench.readModel);
    expect(first.filter((one) => one.includes(':CONTACT_UNIT:') || one.includes(':HANDLING:'))).toEqual([]);
  });

  it('[CK15] [T13] [C5] are overdue at once when they would be, and what the rule book does then is done', async () => {
    const [given, done] = [await withUnit(), await withUnit()];
    await act('unit-housing', 'acknowledge', done);
    await forgetClocks();
    await restart(60 * DAY);
    await bench.pass(5_000);
    const said = async (orderNo: string) =>
      (await bench.trail(orderNo)).filter(({ type }) => type === 'deadline.overdue').map(({ data }) => data.clock);
    expect((await bench.order(given)).state).toBe('handling');
    expect(await said(given)).toContain('ACK');
    expect((await said(done)).filter((clock) => clock === 'HANDLING').length).toBeGreaterThan(0);
    expect(await verifyClocks(bench.readModel)).toMatchObject({ findings: 0 });
  });
});

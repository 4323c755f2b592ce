import type { Deadline } from '../domain/clock/deadline.js';
import { newId, newRequest } from '../../test/support/consoles.js';
import { FakeClock } from '../../test/support/fake-clock.js';
import { copyOf, demoFolder, openOrderBench, type OrderBench, removed } from '../../test/support/order-bench.js';
import { verifyClocks } from './verify-clocks.js';
import { verifyOrders } from './verify-orders.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Monday. */
const BEGIN = Date.parse('2026-03-02T09:00:00+08:00');

describe('the check of the clocks', () => {
  let demo: string;
  let bench: OrderBench;
  let orderNo: string;

  beforeAll(async () => {
    demo = await demoFolder(BEGIN);
  });
  afterAll(() => removed(demo));
  afterEach(async () => {
    await bench.stop();
    await removed(bench.folder);
  });

  const act = async (username: string, name: string, more: object = {}) => {
    const { version } = await bench.order(orderNo);
    const answer = await bench.ask(username, name, { orderNo, expectedVersion: version, ...more });
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.error)}`);
    await bench.settled();
  };
  const waits = async (ms: number) => {
    bench.leap(ms);
    await bench.pass(2_000);
  };
  const at = () => new Date(bench.clock.now()).toISOString();

  /** An order whose clocks have been through everything: kept and broken, handed on, moved, paused. */
  beforeEach(async () => {
    bench = await openOrderBench({ folder: await copyOf(demo), clock: new FakeClock(BEGIN) });
    const request = { ...newRequest(), source: 'app', sourceId: newId() };
    orderNo = (await bench.act('agent001', 'register', request)).orderNo;
    await waits(3 * HOUR);
    await act('agent001', 'accept', { noPlace: true });
    await act('dispatcher01', 'dispatch', { unitId: 'housing' });
    await waits(20 * HOUR);
    await act('handler-housing', 'recordContact', {
      channel: 'phone',
      at: at(),
      outcome: 'reached',
      summary: '已联系',
    });
    await act('handler-housing', 'requestExtension', { extra: 2, reason: '等待检测' });
    await act('deputy-housing', 'approveExtension');
    await act('dispatcher01', 'approveExtension');
    const until = new Date(bench.clock.now() + 9 * DAY).toISOString().slice(0, 10);
    await act('handler-housing', 'requestSuspension', { reasonCode: 'third_party', until, reason: '等待许可' });
    await act('deputy-housing', 'approveSuspension');
    await act('dispatcher01', 'approveSuspension');
    await waits(3 * DAY);
    await act('unit-housing', 'resume');
    await act('unit-housing', 'redispatchDown', { unitId: 'housing-property' });
  });

  const check = () => verifyClocks(bench.readModel);
  const rowOf = (clock: string) => `order:${orderNo}:${clock}:1`;
  const change = (sql: string, ...params: unknown[]) => bench.unitOfWork.run((tx) => tx.run(sql, params as never[]));
  const tamper = async (clock: string, fields: Partial<Deadline>) => {
    const row = await bench.readModel.run((tx) =>
      tx.one<{ details: string }>('SELECT details FROM clock WHERE clock_id = ?', [rowOf(clock)]),
    );
    const details = { ...(JSON.parse(row!.details) as Deadline), ...fields };
    await change('UPDATE clock SET details = ? WHERE clock_id = ?', JSON.stringify(details), rowOf(clock));
  };

  it('[I8] finds nothing to say about what the hub wrote itself, to the end of every clock', async () => {
    expect(await check()).toEqual({ clocks: 7, findings: 0, first: [] });
    await waits(90 * DAY);
    expect(await check()).toEqual({ clocks: 7, findings: 0, first: [] });
    expect((await verifyOrders(bench.readModel)).findings).toBe(0);
  });

  it('[I8] [CK10] nor about a clock that warned before it was extended, and warns no second time', async () => {
    const handling = async () => (await bench.order(orderNo)).clocks.find(({ clock }) => clock === 'HANDLING')!;
    const request = { ...newRequest(), route: 'coordination' as const, source: 'app', sourceId: newId() };
    orderNo = (await bench.act('agent001', 'register', request)).orderNo;
    await act('agent001', 'accept', { noPlace: true });
    await act('dispatcher01', 'dispatch', { unitId: 'housing' });
    await act('unit-housing', 'acknowledge');
    await waits((await handling()).amberAt! - bench.clock.now());
    expect(await handling()).toMatchObject({ signal: 'amber' });
    await act('handler-housing', 'requestExtension', { extra: 2, reason: '等待检测' });
    await act('deputy-housing', 'approveExtension');
    await act('dispatcher01', 'approveExtension');
    expect(await handling()).toMatchObject({ signal: null, warned: true });
    expect((await check()).findings).toBe(0);
    await waits((await handling()).dueAt - bench.clock.now());
    expect((await handling()).signal).toBe('overdue');
    const said = (await bench.trail(orderNo)).filter(
      ({ type, data }) => type === 'deadline.amber' && data.clock === 'HANDLING',
    );
    expect(said).toHaveLength(1);
    expect((await check()).findings).toBe(0);
  });

  it('[I8] [T19] nor about an order that went on when the hub was off', async () => {
    const request = { ...newRequest(), source: 'app', sourceId: newId() };
    orderNo = (await bench.act('agent001', 'register', request)).orderNo;
    await act('agent001', 'accept', { noPlace: true });
    await act('dispatcher01', 'dispatch', { unitId: 'housing' });
    await act('handler-housing', 'recordContact', {
      channel: 'phone',
      at: at(),
      outcome: 'reached',
      summary: '已联系',
    });
    const last = new Date(bench.clock.now() + 2 * DAY).toISOString().slice(0, 10);
    await act('handler-housing', 'requestSuspension', { reasonCode: 'third_party', until: last, reason: '等待许可' });
    await act('deputy-housing', 'approveSuspension');
    await act('dispatcher01', 'approveSuspension');
    await waits(5 * DAY);
    const { clocks } = await bench.order(orderNo);
    const until = Date.parse(`${last}T24:00:00+08:00`);
    const handling = clocks.find(({ clock }) => clock === 'HANDLING')!;
    expect(handling).toMatchObject({ state: 'running', pausedMs: until - (bench.clock.now() - 5 * DAY - 2_000) });
    expect((await check()).findings).toBe(0);
    expect((await verifyOrders(bench.readModel)).findings).toBe(0);
  });

  it.each([
    ['HANDLING', { dueAt: BEGIN + 400 * DAY }, 'dueAt'],
    ['HANDLING', { signal: 'overdue' }, 'signal'],
    ['HANDLING', { state: 'met', endedAt: BEGIN }, 'state'],
    ['HANDLING', { pausedMs: 0 }, 'pausedMs'],
    ['HANDLING', { extra: 0 }, 'limit'],
    ['ACCEPT', { signal: null }, 'signal'],
    ['CONTACT_UNIT', { endedAt: BEGIN }, 'endedAt'],
    ['CONTACT_UNIT', { signal: 'overdue' }, 'signal'],
    ['DISPATCH', { startedAt: BEGIN }, 'startedAt'],
  ] as [string, Partial<Deadline>, string][])(
    '[I8] finds that %s was made %j behind the hub’s back',
    async (...tampered) => {
      const [clock, fields, named] = tampered;
      await tamper(clock, fields);
      const { findings, first } = await check();
      expect(findings).toBeGreaterThan(0);
      expect(first.join('\n')).toContain(named);
      expect(first.some((sentence) => sentence.includes(rowOf(clock)))).toBe(true);
    },
  );

  it.each([
    ['due_at', 1, '列 due_at'],
    ['state', 'stopped', '列 state'],
    ['next_signal_at', null, '列 next_signal_at'],
    ['started_at', 5, '列 started_at'],
  ])('[I8] finds that the column %s was changed', async (column, value, named) => {
    await change(`UPDATE clock SET ${column} = ? WHERE clock_id = ?`, value, rowOf('HANDLING'));
    expect((await check()).first.join('\n')).toContain(`${rowOf('HANDLING')}：${named}`);
  });

  it('[I8] finds what only the card tells', async () => {
    await tamper('ACCEPT', { amberAt: null });
    expect((await check()).first).toEqual([`order:${orderNo}：卡片上的时限与记录不同`]);
  });

  it('[I8] finds a clock that was taken away, and one that nobody started', async () => {
    await change('DELETE FROM clock WHERE clock_id = ?', rowOf('ACCEPT'));
    expect((await check()).first.join('\n')).toContain(`${rowOf('ACCEPT')}：日志说它开始过而没有记录`);
    await change('UPDATE clock SET clock_id = ? WHERE clock_id = ?', 'order:x:ACK:1', rowOf('ACK'));
    await change(`UPDATE clock SET subject = 'order:none' WHERE clock_id = ?`, rowOf('DISPATCH'));
    const { first } = await check();
    expect(first.join('\n')).toContain('order:x:ACK:1：有记录而日志没有说它开始');
    expect(first.join('\n')).toContain(`${rowOf('DISPATCH')}：有时限而没有这件工单`);
  });
});

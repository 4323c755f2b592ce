import { randomUUID } from 'node:crypto';
import { CommandBus } from '../commands/command-bus.js';
import { newId, newRequest } from '../../test/support/consoles.js';
import { FakeClock } from '../../test/support/fake-clock.js';
import { copyOf, demoFolder, openOrderBench, type OrderBench, removed } from '../../test/support/order-bench.js';
import { until } from '../../test/support/until.js';
import { Settings } from '../config/settings.js';
import type { MariadbUnitOfWork } from '../storage/mariadb-unit-of-work.js';
import type { Repeat, Turn, Tx } from '../storage/unit-of-work.js';

const BEGIN = Date.parse('2026-03-02T09:00:00+08:00');

describe('who acted in time, at two nodes on MariaDB', () => {
  let demo: string;
  let clock: FakeClock;
  /** The one rings; people act at the other one, unless it is said. */
  let bench: OrderBench;
  let other: OrderBench;

  beforeAll(async () => {
    demo = await demoFolder(BEGIN, 'cluster');
  });
  afterAll(() => removed(demo));
  beforeEach(async () => {
    const folder = await copyOf(demo);
    clock = new FakeClock(BEGIN);
    bench = await openOrderBench({ folder, clock, profile: 'cluster' });
    other = await openOrderBench({ folder, clock, profile: 'cluster' });
  });
  afterEach(async () => {
    for (const open of gates.splice(0)) open();
    await other.stop();
    await bench.stop();
    await removed(bench.folder);
  });

  /** What waits there goes on when it is opened, at the latest at the end of the test. */
  const gates: (() => void)[] = [];
  const gate = () => {
    let open!: () => void;
    const passed = new Promise<void>((go) => (open = go));
    gates.push(open);
    return { passed, open };
  };

  /** Whatever follows, at whichever node: nothing but what a test does goes on after it. */
  const bothSettled = async () => {
    await bench.settled();
    await other.settled();
  };

  /** Orders that a unit has half an hour to take on. */
  const dispatched = async (count: number) => {
    const orderNos: string[] = [];
    for (let n = 0; n < count; n++) {
      const request = { ...newRequest(), grade: 'urgent' as const, source: 'app', sourceId: newId() };
      const { orderNo, version } = await bench.act('agent001', 'register', request);
      const accepted = { orderNo, expectedVersion: version, noPlace: true as const };
      await bench.act('agent001', 'accept', accepted);
      await bench.settled();
      const expectedVersion = (await bench.order(orderNo)).version;
      await bench.act('dispatcher01', 'dispatch', { orderNo, expectedVersion, unitId: 'housing' });
      orderNos.push(orderNo);
    }
    await bothSettled();
    return orderNos;
  };
  const ackOf = async (orderNo: string) => (await bench.order(orderNo)).clocks.find((one) => one.clock === 'ACK')!;
  const untilJustBefore = async (dueAt: number) => {
    bench.leap(dueAt - 2_100 - clock.now());
    await bench.pass(2_000);
    await bothSettled();
  };
  const signalsOf = async (orderNo: string) =>
    (await bench.trail(orderNo)).filter(({ data }) => data.clock === 'ACK').map(({ type }) => type);
  const untilOverdue = (orderNo: string) =>
    until('the clock to be over', async () => {
      await bench.pass(1_000);
      return (await signalsOf(orderNo)).includes('deadline.overdue');
    });

  /** The next command there meets a deadlock in its first try, and its second one waits until it is let go on. */
  const meetsDeadlock = (at: OrderBench) => {
    const { unitOfWork } = at;
    const run = unitOfWork.run.bind(unitOfWork);
    const { passed, open } = gate();
    let failed!: () => void;
    const firstTry = new Promise<void>((go) => (failed = go));
    unitOfWork.run = <T>(work: (tx: Tx) => Promise<T>, ...more: [Turn?, Repeat?]) => {
      if (more[1] !== 'repeatable') return run(work, ...more);
      unitOfWork.run = run;
      let tries = 0;
      return run(
        async (tx) => {
          if (++tries > 1) return passed.then(() => work(tx));
          failed();
          throw Object.assign(new Error('Deadlock found'), { errno: 1213 });
        },
        ...more,
      );
    };
    return { firstTry, goOn: open };
  };

  /** Resolves when something there has given way to what came before it. */
  const standsBack = ({ unitOfWork }: OrderBench) =>
    new Promise<void>((resolve) => {
      (unitOfWork as MariadbUnitOfWork).onTryAgain((why) => why === 'others' && resolve());
    });

  it.each(['the node that rings', 'another node'])(
    '[CK14] [I5] is not late when a deadlock at %s has it tried again after the due; others are told at once',
    async (where) => {
      const [tried, left] = (await dispatched(2)) as [string, string];
      const { dueAt } = await ackOf(tried);
      await untilJustBefore(dueAt);
      const at = where === 'another node' ? other : bench;
      const expectedVersion = (await bench.order(tried)).version;
      const { firstTry, goOn } = meetsDeadlock(at);
      const answer = at.ask('unit-housing', 'acknowledge', { orderNo: tried, expectedVersion });
      await firstTry;
      await bench.pass((await ackOf(left)).dueAt + 300 - clock.now());
      await untilOverdue(left);
      expect(await signalsOf(tried)).not.toContain('deadline.overdue');
      goOn();
      expect(await answer).toMatchObject({ ok: true });
      await bench.pass(3_000);
      expect(await signalsOf(tried)).toEqual(['deadline.started', 'deadline.amber', 'deadline.met']);
    },
  );

  it('[CK14] [I5] is not late who is tried again behind somebody who came after the due', async () => {
    const [orderNo] = (await dispatched(1)) as [string];
    const { dueAt } = await ackOf(orderNo);
    await untilJustBefore(dueAt);
    const expectedVersion = (await bench.order(orderNo)).version;
    const { firstTry, goOn } = meetsDeadlock(other);
    const inTime = other.ask('unit-housing', 'acknowledge', { orderNo, expectedVersion });
    await firstTry;
    clock.advance(500);
    const stoodBack = standsBack(bench);
    const supervision = { orderNo, kind: 'routine' as const, reason: '群众反复来电' };
    const later = bench.ask('supervisor01', 'openSupervision', supervision);
    await Promise.race([stoodBack, later.then((answer) => Promise.reject(new Error(JSON.stringify(answer))))]);
    goOn();
    expect(await inTime).toMatchObject({ ok: true });
    expect(await later).toMatchObject({ ok: true });
    await bench.pass(3_000);
    expect(await signalsOf(orderNo)).toEqual(['deadline.started', 'deadline.amber', 'deadline.met']);
  });

  it('[CK14] [I5] is not late who waits for a connection at another node', async () => {
    const [orderNo] = (await dispatched(1)) as [string];
    const { dueAt } = await ackOf(orderNo);
    await untilJustBefore(dueAt);
    const expectedVersion = (await bench.order(orderNo)).version;
    const { passed, open } = gate();
    const busy = Array.from({ length: other.get(Settings).databasePool }, () => other.unitOfWork.run(() => passed));
    const answer = other.ask('unit-housing', 'acknowledge', { orderNo, expectedVersion });
    await until('the act to have come in', () => orderNo in other.get(CommandBus).underWay.first);
    await bench.pass(1_000);
    await bench.pass(1_000);
    expect(await signalsOf(orderNo)).not.toContain('deadline.overdue');
    open();
    await Promise.all(busy);
    expect(await answer).toMatchObject({ ok: true });
    await bench.pass(3_000);
    expect(await signalsOf(orderNo)).toEqual(['deadline.started', 'deadline.amber', 'deadline.met']);
  });

  it('[CK14] [I5] holds up the clocks of those who came in time, and no longer than their node lives', async () => {
    const [inTime, late] = (await dispatched(2)) as [string, string];
    const { dueAt } = await ackOf(late);
    await untilJustBefore(dueAt);
    const first = { [inTime]: (await ackOf(inTime)).dueAt - 1, [late]: dueAt };
    // What a node leaves behind that is killed in the middle of it.
    await bench.unitOfWork.run((tx) =>
      tx.run(
        'INSERT INTO node_acts (node_id, told_at, up_to, first_acts) VALUES (?, UNIX_TIMESTAMP(NOW(3)) * 1000, ?, ?)',
        [randomUUID(), dueAt, JSON.stringify(first)],
      ),
    );
    await bench.pass(300);
    await untilOverdue(late);
    expect(await signalsOf(inTime)).not.toContain('deadline.overdue');
    await untilOverdue(inTime);
  });
});

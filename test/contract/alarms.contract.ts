import type { Alarms } from '../../src/deadlines/alarms.js';

export interface AlarmsUnderTest {
  alarms: Alarms;
  now(): number;
  /** Lets this much time go by, all of whose alarms have rung when it resolves. */
  pass(ms: number): Promise<void>;
  /** Moves the hub's time ahead of the machine's. */
  jump(ms: number): void;
  close(): Promise<void>;
}

/** What every adapter of the port promises (`src/deadlines/alarms.ts`). */
export function alarmsContract(open: () => Promise<AlarmsUnderTest>): void {
  let bench: AlarmsUnderTest;
  let rung: { clockId: string; at: number }[];

  beforeEach(async () => {
    bench = await open();
    rung = [];
    bench.alarms.onRing((clockId) => rung.push({ clockId, at: bench.now() }));
  });
  afterEach(() => bench.close());

  const names = () => rung.map(({ clockId }) => clockId);

  it('[CK2] rings once, at its time and not before', async () => {
    const dueAt = bench.now() + 400;
    bench.alarms.arm('offer:a', dueAt);
    await bench.pass(200);
    expect(names()).toEqual([]);
    await bench.pass(800);
    expect(names()).toEqual(['offer:a']);
    expect(rung[0]!.at).toBeGreaterThanOrEqual(dueAt);
    await bench.pass(1_000);
    expect(names()).toEqual(['offer:a']);
  });

  it('rings in the order of time, however they were armed', async () => {
    const start = bench.now();
    for (const [name, ms] of Object.entries({ third: 900, first: 300, second: 600 }))
      bench.alarms.arm(name, start + ms);
    await bench.pass(1_500);
    expect(names()).toEqual(['first', 'second', 'third']);
  });

  it('rings soon for a time that has passed', async () => {
    bench.alarms.arm('late', bench.now() - 5_000);
    await bench.pass(300);
    expect(names()).toEqual(['late']);
  });

  it('moves an alarm that is armed again, and rings it once', async () => {
    const start = bench.now();
    bench.alarms.arm('moved later', start + 200);
    bench.alarms.arm('moved later', start + 900);
    bench.alarms.arm('moved sooner', start + 900);
    bench.alarms.arm('moved sooner', start + 200);
    bench.alarms.arm('twice', start + 300);
    bench.alarms.arm('twice', start + 300);
    await bench.pass(600);
    expect(names()).toEqual(['moved sooner', 'twice']);
    await bench.pass(900);
    expect(names()).toEqual(['moved sooner', 'twice', 'moved later']);
  });

  it('[CK6] takes no alarm beyond its horizon', async () => {
    bench.alarms.arm('far', bench.now() + bench.alarms.horizonMs + 500);
    bench.alarms.arm('near', bench.now() + 100);
    await bench.pass(bench.alarms.horizonMs + 2_000);
    expect(names()).toEqual(['near']);
  });

  it('[CK4] keeps its times when the hub’s time has jumped ahead of the machine’s, and is told so', async () => {
    bench.alarms.arm('overtaken', bench.now() + 700);
    bench.alarms.arm('near', bench.now() + 2_000);
    await bench.pass(100);
    bench.jump(700);
    bench.alarms.realign();
    await bench.pass(300);
    expect(names()).toEqual(['overtaken']);
    await bench.pass(1_500);
    expect(names()).toEqual(['overtaken', 'near']);
    await bench.pass(1_000);
    expect(names()).toEqual(['overtaken', 'near']);
  });

  it('[CK6] moves an alarm out of its horizon and back', async () => {
    const start = bench.now();
    bench.alarms.arm('gone', start + 300);
    bench.alarms.arm('gone', start + bench.alarms.horizonMs + 5_000);
    bench.alarms.arm('back', start + 300);
    bench.alarms.arm('back', start + 600);
    bench.alarms.arm('back', start + 300);
    await bench.pass(1_200);
    expect(names()).toEqual(['back']);
  });

  it('goes on with the others when a listener fails', async () => {
    bench.alarms.onRing(() => {
      throw new Error('a listener that fails');
    });
    bench.alarms.arm('a', bench.now() + 100);
    bench.alarms.arm('b', bench.now() + 200);
    await bench.pass(600);
    expect(names()).toEqual(['a', 'b']);
  });

  it('rings nothing after it was closed, and takes nothing', async () => {
    bench.alarms.arm('a', bench.now() + 100);
    await bench.alarms.close();
    bench.alarms.arm('b', bench.now() + 100);
    await bench.pass(600);
    expect(names()).toEqual([]);
  });
}

import { FakeClock } from '../../test/support/fake-clock.js';
import { CALENDAR, Case } from '../../test/support/rule-book.js';
import { PROFILE } from '../../test/support/profile.js';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import type { CalendarBook } from '../calendar/calendar-book.js';
import type { Alarms } from './alarms.js';
import type { Beat } from './beat.js';
import { ClockLedger } from './clock-ledger.js';
import { DeadlineLedger } from './deadline-ledger.js';
import { ClockRetention } from './clock-retention.js';

const DAY = 24 * 60 * 60 * 1000;

describe('ended clocks', () => {
  let store: TestStore;
  let clock: FakeClock;
  let ledger: ClockLedger;
  let retention: ClockRetention;

  beforeEach(async () => {
    store = await openTestStore();
    clock = new FakeClock();
    ledger = new ClockLedger({ arm: () => undefined } as unknown as Alarms);
    retention = new ClockRetention(store.unitOfWork, clock, { each: () => undefined } as unknown as Beat);
  });
  afterEach(() => store.close());

  const start = (clockId: string, dueAt = clock.now()) =>
    store.unitOfWork.run((tx) =>
      ledger.start(
        tx,
        { clockId, kind: 'OFFER', subject: 'item:1', dueAt, command: { name: 'expireOffer', payload: {} } },
        clock.now(),
      ),
    );
  const ring = (clockId: string) => store.unitOfWork.run((tx) => ledger.ring(tx, clockId, clock.now()));
  const stop = (clockId: string) => store.unitOfWork.run((tx) => ledger.stop(tx, clockId, clock.now()));
  const left = () =>
    store.readModel.run(async (tx) =>
      (await tx.all<{ clock_id: string }>('SELECT clock_id FROM clock ORDER BY clock_id')).map((row) => row.clock_id),
    );

  it('[CK7] are forgotten 7 days after they rang or stopped, running ones never', async () => {
    await start('offer:rung');
    await start('offer:stopped');
    await start('offer:due-for-weeks');
    await start('offer:running', clock.now() + 400 * DAY);
    await ring('offer:rung');
    await stop('offer:stopped');
    clock.advance(DAY);
    await start('offer:later');
    await stop('offer:later');

    clock.advance(6 * DAY);
    await retention.prune();
    expect(await left()).toHaveLength(5);
    clock.advance(60_000);
    await retention.prune();
    expect(await left()).toEqual(['offer:due-for-weeks', 'offer:later', 'offer:running']);
    clock.advance(30 * DAY);
    await retention.prune();
    expect(await left()).toEqual(['offer:due-for-weeks', 'offer:running']);
    expect(await ring('offer:due-for-weeks')).toBe(true);
  });

  it('[CK7] are forgotten in small batches, the oldest first, without waiting while more is left', async () => {
    for (let i = 0; i < 250; i++) {
      const clockId = `offer:${String(i).padStart(3, '0')}`;
      clock.advance(1);
      await start(clockId);
      await stop(clockId);
    }
    clock.advance(8 * DAY);
    await retention.prune();
    expect((await left())[0]).toBe('offer:200');
    expect(await left()).toHaveLength(50);
    await retention.prune();
    expect(await left()).toEqual([]);
  });

  it('[CK7] ring no more once they are forgotten', async () => {
    await start('offer:a');
    await ring('offer:a');
    clock.advance(8 * DAY);
    await retention.prune();
    expect([await ring('offer:a'), await stop('offer:a')]).toEqual([false, false]);
  });

  it('are found by their index', async () => {
    const explain = PROFILE === 'embedded' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
    const plan = await store.readModel.run((tx) =>
      tx.all(`${explain} SELECT clock_id FROM clock WHERE ended_at < ? ORDER BY ended_at LIMIT ?`, [0, 200]),
    );
    expect(JSON.stringify(plan)).toContain('clock_by_ended_at');
  });

  it('[CK7] of the rule book are kept', async () => {
    const deadlines = new DeadlineLedger(
      { arm: () => undefined } as unknown as Alarms,
      { calendar: CALENDAR } as CalendarBook,
    );
    const told = Case.dispatched();
    await store.unitOfWork.run(async (tx) => {
      for (const one of told.deadlines) await deadlines.start(tx, 'order:GD1', one);
    });
    clock.advance(400 * DAY);
    await retention.prune();
    const kept = await store.readModel.run((tx) => deadlines.of(tx, 'order:GD1'));
    expect(kept.filter(({ state }) => state === 'met')).not.toEqual([]);
    expect(kept).toHaveLength(told.deadlines.length);
  });
});

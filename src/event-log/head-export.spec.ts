import { Logger } from '@nestjs/common';
import { FakeClock } from '../../test/support/fake-clock.js';
import { FakeTimer } from '../../test/support/fake-timer.js';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import { until } from '../../test/support/until.js';
import type { Settings } from '../config/settings.js';
import { Beat } from '../deadlines/beat.js';
import { HeadExport } from './head-export.js';
import { readHeads } from './log-heads.js';
import { Tail } from './tail.js';

const HOUR = 3_600_000;
/** 21 November 2026, 23:30 in China. */
const LATE = Date.UTC(2026, 10, 21, 15, 30);

describe('the log’s head', () => {
  let store: TestStore;
  let clock: FakeClock;
  beforeEach(async () => {
    store = await openTestStore();
    clock = new FakeClock(LATE);
  });
  afterEach(() => store.close());

  /** A hub’s life from one start to its end. */
  function start() {
    const timer = new FakeTimer(clock);
    const beat = new Beat(timer);
    const tail = new Tail(store.reader, clock, store.placing);
    const exporting = new HeadExport(store.readModel, clock, { headsDir: store.folder } as Settings, beat, tail);
    beat.onApplicationBootstrap();
    return {
      tail,
      later: async (ms: number) => {
        // A beat that comes while the one before it is at work is left out.
        for (const part of [ms - 1_000, 1_000]) {
          await beat.idle();
          timer.advance(part);
        }
        await beat.idle();
      },
      end: async () => {
        await beat.beforeApplicationShutdown();
        await exporting.onApplicationShutdown();
      },
    };
  }
  const times = () => readHeads(store.folder).map((head) => head!.at);

  it('[I8] is written down once a day, by the days of China, and when the hub ends in order', async () => {
    const hub = start();
    await hub.later(1_000);
    expect(times()).toHaveLength(1);
    await hub.later(HOUR);
    expect(times()).toHaveLength(2);
    await hub.later(HOUR);
    expect(times()).toHaveLength(2);
    await hub.end();
    expect(times()).toHaveLength(3);

    const again = start();
    await again.later(1_000);
    expect(times()).toHaveLength(3);
    await again.later(24 * HOUR);
    expect(times()).toHaveLength(4);
    await again.end();
  });

  it('[I8] is that of the log', async () => {
    await start().end();
    const head = await store.readModel.run((tx) => tx.one<{ epoch: string }>('SELECT epoch, seq, hash FROM log_head'));
    expect(readHeads(store.folder).at(-1)).toEqual({ at: LATE, ...head });
  });

  it('[I8] is written down as it was last seen when the log becomes another one under a hub that runs', async () => {
    Logger.overrideLogger(false);
    const { tail, later, end } = start();
    await tail.start();
    await later(1_000);
    const before = await store.reader.head();
    let isNew = false;
    tail.onNewLog(() => (isNew = true));
    await store.unitOfWork.run((tx) => tx.run("UPDATE log_head SET epoch = 'another'"));
    tail.wake();
    await until('the tail to see another log', () => isNew);
    const seen = { at: clock.now(), ...before };
    expect(readHeads(store.folder)).toEqual([expect.objectContaining({ epoch: before.epoch }), seen]);
    await tail.onApplicationShutdown();
    await end();
    expect(readHeads(store.folder).at(-1)).toMatchObject({ epoch: 'another' });
  });
});

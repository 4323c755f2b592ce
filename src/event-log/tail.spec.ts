import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../test/support/fake-clock.js';
import { behindItsBack } from '../../test/support/behind-its-back.js';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import { until } from '../../test/support/until.js';
import { writeNext } from '../../test/support/written-orders.js';
import { Tail } from './tail.js';

let store: TestStore;
let tail: Tail;
let seen: string[];
let newLogs: { epoch: string; seq: number }[];

beforeEach(async () => {
  Logger.overrideLogger(false);
  store = await openTestStore();
  tail = new Tail(store.reader, new FakeClock(0), store.placing);
  seen = [];
  newLogs = [];
  tail.onPlaced((events) => seen.push(...events.map(({ subject, version, seq }) => `${seq} ${subject} ${version}`)));
  tail.onNewLog(({ epoch, seq }) => newLogs.push({ epoch, seq }));
  await tail.start();
});
afterEach(async () => {
  await tail.onApplicationShutdown();
  await store.close();
});

const write = (order: string) => store.unitOfWork.run((tx) => writeNext(tx, store.eventLog, order, ['floor']));

/** What a power cut took back and what came instead, as of one moment: nothing, or another event at the same place. */
const TAKEN_BACK = `
  BEGIN; DELETE FROM event WHERE id = 3; DELETE FROM event_place WHERE seq = 3; DELETE FROM room_event WHERE seq = 3;
  UPDATE room_head SET head = 2;
  UPDATE log_head SET seq = 2, last_row = 2, hash = (SELECT hash FROM event_place WHERE seq = 2); COMMIT`;
const ANOTHER = `
  BEGIN; UPDATE event_place SET hash = 'another' WHERE seq = 3; UPDATE log_head SET hash = 'another'; COMMIT`;

describe('the tail', () => {
  it('hands out what is placed, in order, and notices no other log where there is none', async () => {
    for (const order of ['a', 'b', 'a']) await write(order);
    await tail.reached(3);
    expect(seen).toEqual(['1 order:a 1', '2 order:b 1', '3 order:a 2']);
    expect(newLogs).toEqual([]);
  });

  it.each([
    ['ends before what was read', TAKEN_BACK, 2],
    ['has another event in its place', ANOTHER, 3],
  ])('[I3] notices a log that %s, gives it a new epoch, and goes on from its end', async (_what, sql, end) => {
    for (const order of ['a', 'b', 'c']) await write(order);
    await tail.reached(3);
    const { epoch } = await store.reader.head();
    await behindItsBack(store.place, sql);
    await until('the other log to be noticed', () => newLogs.length === 1);
    expect(newLogs[0]).toEqual({ epoch: (await store.reader.head()).epoch, seq: end });
    expect(newLogs[0]!.epoch).not.toBe(epoch);
    await write('e');
    await tail.reached(end + 1);
    expect(seen.at(-1)).toBe(`${end + 1} order:e 1`);
    expect(newLogs).toHaveLength(1);
  });

  it('[I3] follows a log of which another node has said that it is a new one', async () => {
    await write('a');
    await tail.reached(1);
    await store.placing.endEpoch((await store.reader.head()).epoch);
    tail.wake();
    await until('the new epoch to be noticed', () => newLogs.length === 1);
    expect(newLogs[0]).toEqual({ epoch: (await store.reader.head()).epoch, seq: 1 });
  });
});

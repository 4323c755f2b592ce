import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { seededRandom } from '../../test/support/seeded-random.js';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import { writeNext } from '../../test/support/written-orders.js';
import type { Position } from './log-reader.js';
import { PlacedLately, type PlacedRow } from './placed-lately.js';

let store: TestStore;
beforeEach(async () => (store = await openTestStore('embedded')));
afterEach(() => store.close());

const START = (epoch: string): Position => ({ epoch, seq: 0, hash: '' });
const write = (order: string, rooms: string[]) =>
  store.unitOfWork.run((tx) => writeNext(tx, store.eventLog, order, rooms));

describe('what was placed lately', () => {
  it('[I2] is what the log says, whatever was rolled back in between', async () => {
    const random = seededRandom(7);
    const some = () => ['floor', 'unit:A', 'unit:B'].filter(() => random() < 0.6);
    for (let round = 0; round < 60; round++) {
      const order = `o${Math.floor(random() * 5)}`;
      const rooms = some();
      await store.unitOfWork
        .run(async (tx) => {
          await writeNext(tx, store.eventLog, order, rooms);
          if (random() < 0.3) throw new Error('taken back');
        })
        .catch(() => undefined);
    }
    const { epoch, seq } = await store.reader.head();
    expect(seq).toBeGreaterThan(20);
    const read = await store.reader.after(0, 1_000);
    expect((await store.reader.since(START(epoch), 1_000))!.events).toEqual(read);
    expect(store.placing.lately(seq, 'of another log')).toBeUndefined();
  });

  it('counts only under the hash that stands in the log', async () => {
    await write('a', ['floor']);
    const database = new Database(join(store.folder, 'hub.sqlite'));
    database.exec(`BEGIN; UPDATE event SET type = 'order.rated' WHERE id = 1;
      UPDATE event_place SET hash = 'another' WHERE seq = 1; UPDATE log_head SET hash = 'another'; COMMIT`);
    database.close();
    const { epoch } = await store.reader.head();
    expect((await store.reader.since(START(epoch), 10))!.events[0]!.type).toBe('order.rated');
  });

  it('forgets what was placed first, and knows the newer one of two with the same place', () => {
    const lately = new PlacedLately();
    const row = (seq: number, hash: string) => ({ seq, hash }) as PlacedRow;
    lately.put(row(1, 'taken back'));
    lately.put(row(1, 'a'));
    expect([lately.get(1, 'taken back'), lately.get(1, 'a')]).toEqual([undefined, row(1, 'a')]);
    for (let seq = 2; seq <= 1_001; seq++) lately.put(row(seq, 'b'));
    expect([lately.get(1, 'a'), lately.get(2, 'b'), lately.get(1_001, 'b')]).toEqual([
      undefined,
      row(2, 'b'),
      row(1_001, 'b'),
    ]);
  });
});

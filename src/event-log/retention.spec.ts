import type { Beat } from '../deadlines/beat.js';
import { FakeClock } from '../../test/support/fake-clock.js';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import { Retention } from './retention.js';

const DAY = 24 * 60 * 60 * 1000;

describe('retention', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await openTestStore();
  });
  afterEach(() => store.close());

  it('[I7] forgets answers and delivery places after 7 days, in batches, and keeps every event', async () => {
    const clock = new FakeClock();
    const beat = { each: () => undefined } as unknown as Beat;
    const retention = new Retention(store.unitOfWork, clock, beat);
    const write = (n: number) =>
      store.unitOfWork.run(async (tx) => {
        const recordedAt = clock.now();
        for (let i = 0; i < n; i++) {
          const commandId = `${recordedAt}-${i}`;
          const row = {
            actor_id: 'a',
            command_id: commandId,
            name: 'x',
            payload_hash: '',
            answer: null,
            at: recordedAt,
          };
          await tx.insert('command', row);
          await store.eventLog.append(tx, { actorId: 'a', commandId, causationId: null, recordedAt }, [
            {
              subject: 'seat:A1',
              type: 'seat.presence_changed',
              at: recordedAt,
              version: null,
              data: {},
              card: null,
              rooms: { floor: 'full' },
            },
          ]);
        }
      });
    const count = (table: string) =>
      store.readModel.run(async (tx) => (await tx.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`))!.n);

    await write(250);
    clock.advance(6 * DAY);
    await write(10);
    clock.advance(1.5 * DAY);
    await retention.prune();
    expect(await count('command')).toBe(60);
    await retention.prune(); // a full batch goes on at once
    expect([await count('command'), await count('room_event'), await count('event')]).toEqual([10, 10, 260]);
    expect(await store.reader.roomHead('floor')).toMatchObject({ head: 260, oldest: 250 });

    clock.advance(8 * DAY);
    await retention.prune();
    expect(await count('room_event')).toBe(0);
    expect(await store.reader.roomHead('floor')).toMatchObject({ head: 260, oldest: 260 });
  });
});

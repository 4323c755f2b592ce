import type { Beat } from '../deadlines/beat.js';
import { FakeClock } from '../../test/support/fake-clock.js';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import { Retention } from './retention.js';
import { verifyLog } from './verify-log.js';

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

  it.each([
    ['a few rooms', 3, 110],
    ['more rooms than a batch has rows', 250, 2],
  ])('[I8] leaves a log that verifies after every batch, events in %s too', async (_what, rooms, events) => {
    const clock = new FakeClock();
    const retention = new Retention(store.unitOfWork, clock, { each: () => undefined } as unknown as Beat);
    const told = Object.fromEntries(Array.from({ length: rooms }, (_, n) => [`unit:${n}`, 'full' as const]));
    const origin = { actorId: 'a', commandId: 'c', causationId: null };
    for (let n = 0; n < events; n++) {
      const event = { subject: 'seat:A1', type: 'seat.presence_changed', version: null, data: {}, card: null } as const;
      await store.unitOfWork.run((tx) =>
        store.eventLog.append(tx, { ...origin, recordedAt: clock.now() }, [{ ...event, at: clock.now(), rooms: told }]),
      );
    }
    const left = () =>
      store.readModel.run(async (tx) => (await tx.one<{ n: number }>('SELECT COUNT(*) AS n FROM room_event'))!.n);
    clock.advance(8 * DAY);
    for (let before = Infinity; (await left()) > 0;) {
      expect(await left()).toBeLessThan(before);
      before = await left();
      await retention.prune();
      expect(await verifyLog(store.readModel, 'test audit key')).toMatchObject({ findings: 0, events });
    }
  });
});

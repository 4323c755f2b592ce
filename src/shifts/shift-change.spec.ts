import type { Actor } from '@minqing-hub/client-sdk/protocol';
import { done } from '../../test/support/queue-bench.js';
import { openShiftBench, type ShiftBench } from '../../test/support/shift-bench.js';

const HALF = 350;

describe('a change of shifts of 700 seats', () => {
  let kit: ShiftBench;
  beforeEach(async () => {
    // Who comes with hundreds of others asks again where the database had no time.
    kit = await openShiftBench({ untilAnswered: true });
  });
  afterEach(() => kit.end());

  it('[SH7] [SH8] 350 go and 350 come within the same minutes, and no item and no event is lost', async () => {
    const { bench } = kit;
    const people: Actor[] = [];
    for (let n = 1; n <= 2 * HALF; n++) people.push(await bench.seat(n, ['agent']));
    const [going, coming] = [people.slice(0, HALF), people.slice(HALF)];
    const report = await kit.roster(
      ...going.map(({ userId, seatId }) => `2026-03-02 early ${userId} ${seatId}`),
      ...coming.map(({ userId }, i) => `2026-03-02 late ${userId} ${going[i]!.seatId}`),
    );
    expect(report).toMatchObject({ status: 'activated', rows: 2 * HALF });
    for (const actor of people) bench.sockets.connected(actor);

    await kit.goTo('2026-03-02 06:50');
    await Promise.all(going.map((actor) => bench.command(actor, 'signOn', {}).then(done)));
    await Promise.all(
      going.map((actor, i) =>
        bench.enqueue(`G${i}`, { queueId: 'register', claimedBy: actor.seatId! }, actor).then(() =>
          // Every seventh is in a call when the shift ends.
          bench.command(actor, 'setPresence', { presence: i % 7 === 0 ? 'busy' : 'ready' }).then(done),
        ),
      ),
    );
    await kit.goTo('2026-03-02 14:59');
    await Promise.all([
      // Their rostered seats are still taken: they sit down at their own, beside.
      ...coming.map((actor) => bench.command(actor, 'signOn', { seatId: actor.seatId! }).then(done)),
      ...Array.from({ length: 50 }, (_, n) => bench.enqueue(`N${n}`, { queueId: 'register' })),
    ]);
    await kit.leap(60_000);

    const held = async () => new Map((await bench.items()).map((item) => [item.orderNo!, item]));
    let items = await held();
    expect(items.size).toBe(HALF + 50);
    for (const [i, actor] of going.entries()) {
      const seatId = i % 7 === 0 ? actor.seatId : coming[i]!.seatId;
      expect(items.get(`G${i}`)).toMatchObject({ state: 'claimed', seatId });
    }
    await kit.leap(10 * 60_000);
    items = await held();
    for (const [i, { seatId }] of coming.entries())
      expect(items.get(`G${i}`)).toMatchObject({ state: 'claimed', seatId });
    for (let n = 0; n < 50; n++) expect(items.get(`N${n}`)).toMatchObject({ state: 'queued' });

    const seats = await bench.seats();
    const present = seats.filter(({ presence }) => presence !== 'offline').map(({ userId }) => userId);
    expect(present.sort()).toEqual(coming.map(({ userId }) => userId).sort());
    const ended = bench.events.filter(({ type, data }) => type === 'seat.shift_ended' && data.cause === 'shift_ended');
    expect(ended.map(({ data }) => data.userId).sort()).toEqual(going.map(({ userId }) => userId).sort());

    // [I2] Every event has its place, and each room's have offsets without a hole.
    const unplaced = await bench.readModel.run((tx) =>
      tx.all('SELECT e.event_id FROM event e LEFT JOIN event_place p ON p.event_row = e.id WHERE p.seq IS NULL'),
    );
    expect(unplaced).toEqual([]);
    const rooms = await bench.readModel.run((tx) =>
      tx.all<{ room: string; n: number; first: number; last: number }>(
        `SELECT room, COUNT(*) AS n, MIN(room_offset) AS first, MAX(room_offset) AS last FROM room_event GROUP BY room`,
      ),
    );
    expect(rooms.length).toBeGreaterThan(2 * HALF);
    for (const { room, n, first, last } of rooms) expect({ room, first, last }).toEqual({ room, first: 1, last: n });
  });
});

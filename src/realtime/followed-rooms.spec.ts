import fc from 'fast-check';
import { FakeClock } from '../../test/support/fake-clock.js';
import { FakeTimer } from '../../test/support/fake-timer.js';
import type { PlacedEvent } from '../event-log/log-reader.js';
import { FollowedRooms } from './followed-rooms.js';

const ROOM = 'queue:register';

const event = (offset: number): PlacedEvent => ({
  seq: offset,
  id: `e${offset}`,
  subject: 'item:i',
  version: null,
  type: 'queue.item_queued',
  at: 0,
  recordedAt: 0,
  actorId: 'a',
  commandId: 'c',
  causationId: null,
  data: {},
  card: null,
  changed: null,
  audience: { rooms: { [ROOM]: { op: 'tell', view: 'full' } } },
  offsets: { [ROOM]: offset },
});

describe('FollowedRooms', () => {
  let sent: { at: number; from: number; ids: string[] }[];
  let rooms: FollowedRooms;
  let timer: FakeTimer;
  const open = (consoles: number) => {
    sent = [];
    const clock = new FakeClock(0);
    timer = new FakeTimer(clock);
    rooms = new FollowedRooms(
      (_room, { from, events }) => sent.push({ at: clock.now(), from, ids: events.map(({ id }) => id) }),
      (ms, work) => timer.after(ms, work),
    );
    for (let n = 0; n < consoles; n++) rooms.follow(ROOM);
  };

  it('gathers what comes within 5 ms into one frame', () => {
    open(3);
    for (let offset = 1; offset <= 20; offset++) {
      rooms.add(event(offset));
      timer.advance(1);
    }
    timer.advance(10);
    expect(sent.map(({ at }) => at)).toEqual([5, 10, 15, 20]);
    expect(sent.flatMap(({ ids }) => ids)).toHaveLength(20);
  });

  it('lets the frames of a large room grow instead of their number', () => {
    open(700);
    for (let offset = 1; offset <= 200; offset++) {
      rooms.add(event(offset));
      timer.advance(1);
    }
    timer.advance(100);
    expect(sent.map(({ at }) => at)).toEqual([5, 55, 105, 155, 205]);
    expect(sent.flatMap(({ ids }) => ids)).toHaveLength(200);
    // Quiet again: the next one need not wait.
    rooms.add(event(201));
    timer.advance(5);
    expect(sent).toHaveLength(6);
  });

  it('[I2] tells each event once and in order, however often a frame is sent early', () => {
    const steps = fc.array(
      fc.record({
        consoles: fc.constantFrom(0, 0, 0, 1, 40),
        ms: fc.integer({ min: 0, max: 60 }),
        flush: fc.constantFrom('no', 'no', 'room', 'all'),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_600 }), steps, (consoles, all) => {
        open(consoles);
        let offset = 0;
        for (const { consoles: more, ms, flush } of all) {
          for (let n = 0; n < more; n++) rooms.follow(ROOM);
          rooms.add(event(++offset));
          timer.advance(ms);
          if (flush === 'room') rooms.flush(ROOM);
          if (flush === 'all') rooms.flushAll();
          if (flush !== 'no') expect(sent.flatMap(({ ids }) => ids)).toHaveLength(offset);
        }
        timer.advance(105);
        expect(sent.flatMap(({ ids }) => ids)).toEqual(Array.from({ length: offset }, (_, i) => `e${i + 1}`));
        let next = 1;
        for (const { from, ids } of sent) {
          expect(from).toBe(next);
          next += ids.length;
        }
        rooms.stop();
      }),
    );
  });

  it('lives on when telling one room empties another', () => {
    const clock = new FakeClock(0);
    timer = new FakeTimer(clock);
    const told: string[] = [];
    rooms = new FollowedRooms(
      (room) => {
        told.push(room);
        for (const name of ['a', 'b']) rooms.unfollow(name);
      },
      (ms, work) => timer.after(ms, work),
    );
    for (const name of ['a', 'b']) rooms.follow(name);
    const seen = { op: 'tell', view: 'full' } as const;
    rooms.add({ ...event(1), audience: { rooms: { a: seen, b: seen } }, offsets: { a: 1, b: 1 } });
    timer.advance(200);
    expect(told).toEqual(['a']);
  });

  it('forgets what waits when the last console has gone', () => {
    open(1);
    rooms.add(event(1));
    rooms.unfollow(ROOM);
    timer.advance(200);
    expect(sent).toEqual([]);
    expect(rooms.has(ROOM)).toBe(false);
  });
});

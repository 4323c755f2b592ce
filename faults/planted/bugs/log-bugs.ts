import { randomUUID } from 'node:crypto';
import { type Audience, EventLog, type NewEvent, type Origin } from '../../../src/event-log/event-log.js';
import { LogReader, type PlacedEvent, type Position } from '../../../src/event-log/log-reader.js';
import { Sequencer } from '../../../src/event-log/sequencer.js';
import { Tail } from '../../../src/event-log/tail.js';
import { SqliteUnitOfWork } from '../../../src/storage/sqlite-unit-of-work.js';
import type { ReadModel, Tx } from '../../../src/storage/unit-of-work.js';
import { inside, oneIn, plantIn, soon } from '../plant.js';

/** Long enough for a kill to fall into it. */
const COMMIT_MS = 200;

interface TailInside {
  at: Position;
  hand(events: PlacedEvent[]): void;
}

type Work = (tx: Tx) => Promise<unknown>;

export const LOG_BUGS = {
  'emit-before-commit': () => {
    let tail: TailInside | undefined;
    plantIn<Tail, [], Promise<void>>(Tail, 'start', (right, self) => {
      tail = inside<TailInside>(self);
      return right();
    });
    plantIn<Sequencer, [Tx], Promise<void>>(Sequencer, 'place', async (right, _self, tx) => {
      await right(tx);
      if (!tail) return;
      const uncommitted = { run: (work: Work) => work(tx) } as ReadModel;
      const reader = new LogReader(uncommitted, { waiting: () => Promise.resolve([]) } as never);
      const events = await reader.after(tail.at.seq, 500);
      if (events.length > 0) tail.hand(events);
      tail.at = await reader.head();
      await soon(COMMIT_MS);
    });
  },
  'ack-before-commit': () => {
    plantIn<SqliteUnitOfWork, [Work], Promise<unknown>>(
      SqliteUnitOfWork,
      'run',
      (right, _self, work) =>
        new Promise((resolve, reject) => {
          right(async (tx) => {
            const value = await work(tx);
            resolve(value);
            return value;
          }).catch(reject);
        }),
    );
    plantIn<Sequencer, [Tx], Promise<void>>(Sequencer, 'place', async (right, _self, tx) => {
      await right(tx);
      await soon(COMMIT_MS);
    });
  },
  'cursor-off-by-one': () => {
    plantIn<Tail, [PlacedEvent[]], void>(Tail, 'hand', (right, _self, events) =>
      right(events.length > 1 ? events.slice(1) : events),
    );
  },
  'commit-order-gap': () => {
    const late = oneIn(40);
    plantIn<Tail, [PlacedEvent[]], void>(Tail, 'hand', (right, _self, events) => right(events.filter(() => !late())));
  },
  'commit-order-swapped': () => {
    const late = oneIn(20);
    const held: PlacedEvent[] = [];
    plantIn<Tail, [PlacedEvent[]], void>(Tail, 'hand', (right, _self, events) => {
      const next = events.filter((event) => !late() || held.push(event) === 0);
      right(next.length > 0 ? [...next, ...held.splice(0)] : next);
    });
  },
  'offset-skipped': () => {
    const skips = oneIn(60);
    plantIn<Sequencer, [Tx, string], Promise<number>>(Sequencer, 'headOf', async (right, _self, tx, room) => {
      const head = await right(tx, room);
      return head > 0 && skips() ? head + 1 : head;
    });
  },
  'event-forgotten': () => {
    const forgotten = oneIn(3);
    plantIn<EventLog, [Tx, Origin, readonly NewEvent[]], Promise<string[]>>(
      EventLog,
      'append',
      (right, _self, tx, origin, events) =>
        events.some(({ type }) => type === 'order.acknowledged' || type === 'order.progressed') && forgotten()
          ? Promise.resolve(events.map(() => randomUUID()))
          : right(tx, origin, events),
    );
  },
  'event-appended-twice': () => {
    plantIn<EventLog, [Tx, Origin, readonly NewEvent[]], Promise<string[]>>(
      EventLog,
      'append',
      async (right, _self, tx, origin, events) => {
        const ids = await right(tx, origin, events);
        const retried = events.filter(({ type }) => type === 'order.progressed' || type === 'order.contacted');
        if (retried.length > 0) await right(tx, origin, retried);
        return ids;
      },
    );
  },
  'gone-not-sent': () => {
    plantIn<EventLog, [Tx, readonly NewEvent[]], Promise<{ audience: Audience }[]>>(
      EventLog,
      'keepCards',
      async (right, _self, tx, events) => {
        const moves = await right(tx, events);
        for (const { audience } of moves) {
          for (const [room, { op }] of Object.entries(audience.rooms)) if (op === 'gone') delete audience.rooms[room];
        }
        return moves;
      },
    );
  },
};

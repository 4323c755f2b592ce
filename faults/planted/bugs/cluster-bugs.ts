import { EventLog, type NewEvent, type Origin } from '../../../src/event-log/event-log.js';
import type { PlacedEvent } from '../../../src/event-log/log-reader.js';
import type { LoggedEvent } from '../../../src/event-log/logged-event.js';
import type { NewPlaces, WaitingRow } from '../../../src/event-log/place-events.js';
import { PlacesAfterCommit } from '../../../src/event-log/places-after-commit.js';
import type { LogHead } from '../../../src/event-log/sequencer.js';
import { Tail } from '../../../src/event-log/tail.js';
import { WhoStays } from '../../../src/realtime/who-stays.js';
import { MariadbReadTx } from '../../../src/storage/mariadb-tx.js';
import { MariadbUnitOfWork } from '../../../src/storage/mariadb-unit-of-work.js';
import type { SqlValue, Tx } from '../../../src/storage/unit-of-work.js';
import { inside, oneIn, plantIn, soon } from '../plant.js';

/** Long enough for a kill to fall into it. */
const COMMIT_MS = 200;
/** Long enough for one person to do two things to an order. */
const WAIT_TOGETHER_MS = 150;

type Work = (tx: Tx) => Promise<unknown>;

/** Of what several nodes do to one database, and to each other. */
export const CLUSTER_BUGS = {
  'late-commit-unplaced': () => {
    plantIn<PlacesAfterCommit, [], number>(
      PlacesAfterCommit,
      'from',
      (_right, self) => inside<{ lastRow: number }>(self).lastRow,
    );
    plantIn<PlacesAfterCommit, [], Promise<boolean>>(PlacesAfterCommit, 'lookForStragglers', () =>
      Promise.resolve(false),
    );
  },
  'places-swapped': () => {
    const swapped = oneIn(2);
    // What one command wrote may stand in any order: so that those of several wait together.
    plantIn<PlacesAfterCommit, [], Promise<unknown>>(PlacesAfterCommit, 'placeBatch', async (right) => {
      await soon(WAIT_TOGETHER_MS);
      return right();
    });
    plantIn<PlacesAfterCommit, [LogHead, WaitingRow[]], Promise<void>>(
      PlacesAfterCommit,
      'write',
      (right, _self, head, rows) => right(head, rows.length > 1 && swapped() ? [...rows].reverse() : rows),
    );
  },
  'placed-elsewhere-untold': () => {
    const own = new Set<number>();
    plantIn<PlacesAfterCommit, [WaitingRow[], NewPlaces], void>(
      PlacesAfterCommit,
      'remember',
      (right, _self, rows, places) => {
        for (const { seq } of places.events) own.add(seq);
        right(rows, places);
      },
    );
    plantIn<Tail, [PlacedEvent[]], void>(Tail, 'hand', (right, _self, events) =>
      right(events.filter(({ seq }) => own.has(seq))),
    );
  },
  'rights-lost-at-one-node': () => {
    const own = new Set<string>();
    plantIn<EventLog, [Tx, Origin, readonly NewEvent[]], Promise<string[]>>(
      EventLog,
      'append',
      async (right, _self, tx, origin, events) => {
        const ids = await right(tx, origin, events);
        for (const id of ids) own.add(id);
        return ids;
      },
    );
    plantIn<WhoStays, [LoggedEvent], Promise<void>>(WhoStays, 'applyRights', (right, _self, event) =>
      own.has(event.id) ? right(event) : Promise.resolve(),
    );
  },
  'ack-before-cluster-commit': () => {
    // A hub could not start so.
    let begun = false;
    plantIn<Tail, [], Promise<void>>(Tail, 'start', async (right) => {
      await right();
      begun = true;
    });
    plantIn<MariadbUnitOfWork, [Work, ...unknown[]], Promise<unknown>>(
      MariadbUnitOfWork,
      'run',
      (right, _self, work, ...how) =>
        new Promise((resolve, reject) => {
          if (!begun) return void right(work, ...how).then(resolve, reject);
          right(
            async (tx) => {
              const value = await work(tx);
              resolve(value);
              await soon(COMMIT_MS);
              return value;
            },
            ...how,
          ).catch(reject);
        }),
    );
  },
  'rows-not-locked': () => {
    plantIn<MariadbReadTx, [string, SqlValue[]?], Promise<object[]>>(
      MariadbReadTx,
      'all',
      (right, _self, sql, params) => right(sql.replace(' FOR UPDATE', ''), params),
    );
  },
};

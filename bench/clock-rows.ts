import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Progress, type Say } from '../simulation/progress.js';

/** Rows of one transaction: enough to be quick, few enough to show how far it has come. */
const PORTION = 10_000;

/** Subjects of clocks that run for orders that nobody sees. */
const NOBODYS = 'order:bench';

interface ClockRow {
  clock_id: string;
  details: string;
}

/** How clocks rang, as the log tells. */
export interface Signalled {
  clockId: string;
  dueAt: number;
  recordedAt: number;
}

/**
 * Opens the database of a hub that is stopped and works on its rows behind its back: a million open clocks would take
 * hours through the API. What lies here must look like what `src/deadlines/deadline-ledger.ts` writes.
 */
export class ClockRows {
  private readonly database: Database.Database;

  constructor(dataDir: string) {
    this.database = new Database(join(dataDir, 'hub.sqlite'));
    // A crash would only cost the benchmark.
    this.database.pragma('synchronous = OFF');
  }

  close(): void {
    this.database.pragma('wal_checkpoint(TRUNCATE)');
    this.database.close();
  }

  /** Clocks of orders that were registered through the API. */
  real(): string[] {
    const rows = this.database.prepare(
      `SELECT clock_id FROM clock WHERE state = 'running' AND kind = 'ACCEPT' AND subject NOT LIKE '${NOBODYS}%' ORDER BY clock_id`,
    );
    return (rows.all() as ClockRow[]).map(({ clock_id }) => clock_id);
  }

  /** As if nobody had any clock. */
  clear(): void {
    this.database.exec('DELETE FROM clock');
  }

  /** These are due at `dueAt`, and warn of nothing before. */
  moveDue(clockIds: readonly string[], dueAt: (nth: number) => number): void {
    const read = this.database.prepare('SELECT details FROM clock WHERE clock_id = ?');
    const write = this.database.prepare(
      'UPDATE clock SET due_at = ?, next_signal_at = ?, details = ? WHERE clock_id = ?',
    );
    this.database.transaction(() => {
      clockIds.forEach((clockId, nth) => {
        const at = dueAt(nth);
        const before = JSON.parse((read.get(clockId) as ClockRow).details) as object;
        const details = { ...before, dueAt: at, amberAt: null };
        write.run(at, at, JSON.stringify(details), clockId);
      });
    })();
  }

  /** `count` more clocks like `model`, which run for orders that nobody sees and are due one after another from `from` to `to`. */
  addOpen(count: number, model: string, { from, to }: { from: number; to: number }, say: Say): void {
    const like = this.database.prepare('SELECT * FROM clock WHERE clock_id = ?').get(model) as Record<string, unknown>;
    const details = JSON.parse(like['details'] as string) as object;
    const columns = Object.keys(like);
    const insert = this.database.prepare(
      `INSERT INTO clock (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`,
    );
    const progress = new Progress('open clocks', count, say);
    const portion = this.database.transaction((first: number, end: number) => {
      for (let n = first; n < end; n++) {
        const [subject, dueAt] = [`${NOBODYS}${n}`, from + Math.floor(((to - from) * n) / count)];
        const clock_id = `${subject}:ACCEPT:1`;
        insert.run({
          ...like,
          clock_id,
          subject,
          due_at: dueAt,
          next_signal_at: dueAt,
          details: JSON.stringify({ ...details, clockId: clock_id, dueAt, amberAt: null }),
        });
      }
    });
    for (let done = 0; done < count; done += PORTION) {
      portion(done, Math.min(count, done + PORTION));
      progress.at(Math.min(count, done + PORTION));
    }
    progress.end();
  }

  /** Every signal that the log tells of. */
  signalled(): Signalled[] {
    const rows = this.database.prepare(`SELECT data, recorded_at FROM event WHERE type = 'deadline.overdue'`).all();
    return (rows as { data: string; recorded_at: number }[]).map(({ data, recorded_at }) => {
      const { clockId, dueAt } = JSON.parse(data) as Signalled;
      return { clockId, dueAt, recordedAt: recorded_at };
    });
  }
}

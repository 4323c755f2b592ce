import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const WAITING = new TableIndex({ name: 'event_by_placed_id', columnNames: ['placed', 'id'] });

/**
 * Whether an event has its place yet. Where the commit itself gives it, as on SQLite, every event has; where a place comes
 * after the commit, those that wait for one are found by the index, which is not unique: marking them locks no gap.
 */
export class PlacesAfterCommit1771000000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const sqlite = isSqlite(runner);
    // Both engines add such a column without rewriting the table; TypeORM would copy it on SQLite.
    await runner.query(`ALTER TABLE event ADD COLUMN placed int NOT NULL DEFAULT ${sqlite ? 1 : 0}`);
    if (!sqlite) await runner.createIndex('event', WAITING);
  }

  async down(runner: QueryRunner): Promise<void> {
    if (!isSqlite(runner)) await runner.dropIndex('event', WAITING);
    await runner.query('ALTER TABLE event DROP COLUMN placed');
  }
}

const isSqlite = (runner: QueryRunner): boolean => runner.connection.options.type === 'better-sqlite3';

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

/** Notices of days off and worked, every one that was imported; of a year the newest is the one that counts. */
export class Calendar1771000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'holiday_notice',
      {
        year: 'int',
        version: 'int',
        notice_id: 'varchar(36)',
        /** JSON: days. */
        days_off: 'text',
        days_worked: 'text',
        source: 'varchar(500)',
        form: 'varchar(16)',
        /** Of the file that it came in: the same one again is no news. */
        file_hash: 'varchar(64)',
        imported_at: 'bigint',
        imported_by: 'varchar(64)',
      },
      { key: ['year', 'version'], unique: [['notice_id']] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('holiday_notice');
  }
}

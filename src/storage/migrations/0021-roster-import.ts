import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { createTable } from '../table.js';

/** A roster's rows are written ahead, a few at a time, and hold all at once: with their import. */
export class RosterImport1771000000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'roster_import',
      // `days`: a list, because its rows are found by day.
      { import_id: 'varchar(36)', state: 'varchar(16)', days: 'text' },
      { key: ['import_id'] },
    );
    await runner.addColumn(
      'roster_shift',
      new TableColumn({ name: 'import_id', type: 'varchar', length: '36', isNullable: true }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('roster_shift', 'import_id');
    await runner.dropTable('roster_import');
  }
}

import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

/** When the clock that work waits by warns, and is told late: consoles turn then. Work of before has no warning. */
const COLUMNS = ['amber_at', 'overdue_at'];

export class ItemSignals1771000000027 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(
      'queue_item',
      COLUMNS.map((name) => new TableColumn({ name, type: 'bigint', isNullable: true })),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('queue_item', COLUMNS);
  }
}

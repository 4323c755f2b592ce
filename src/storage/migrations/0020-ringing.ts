import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const BY_TIME = new TableIndex({
  name: 'clock_by_state_next_signal_at',
  columnNames: ['state', 'next_signal_at'],
});
/** With the id, so that pages of thousands of clocks that are due in the same moment are neither sorted nor looked up. */
const IN_ORDER = new TableIndex({
  name: 'clock_in_order_of_signals',
  columnNames: ['state', 'next_signal_at', 'clock_id'],
});

export class Ringing1771000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex('clock', IN_ORDER);
    await runner.dropIndex('clock', BY_TIME.name!);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.createIndex('clock', BY_TIME);
    await runner.dropIndex('clock', IN_ORDER.name!);
  }
}

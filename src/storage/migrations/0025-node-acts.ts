import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

/** What people do at each node of the hub and is not answered yet. `told_at`: by the database's time, `up_to`: by the hub's. */
export class NodeActs1771000000025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'node_acts',
      { node_id: 'varchar(36)', told_at: 'bigint', up_to: 'bigint', first_acts: 'text' },
      { key: ['node_id'] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('node_acts');
  }
}

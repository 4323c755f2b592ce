import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

/** Written with work that is no command, so that it can be told whether it was kept when the answer to its commit was lost. */
export class CommitMark1771000000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'commit_mark',
      // Seconds by the database's own time.
      { mark: 'varchar(36)', at: 'bigint' },
      { key: ['mark'], indexes: [['at']] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('commit_mark');
  }
}

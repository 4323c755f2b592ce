import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

/** Events that a reaction could not follow up, for a person to look at: the others after them went on. */
export class SetAside1771000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'set_aside',
      { consumer: 'varchar(64)', seq: 'bigint', event_id: 'varchar(36)', reason: 'varchar(200)' },
      { key: ['consumer', 'seq'] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('set_aside');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

/** What one node at a time does for all of them, and until when it has it. */
export class Lease1771000000024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'lease',
      { name: 'varchar(64)', holder: 'varchar(36)', lease_until: 'bigint' },
      { key: ['name'] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('lease');
  }
}

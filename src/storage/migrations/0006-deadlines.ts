import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

export class Deadlines1771000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'clock',
      {
        clock_id: 'varchar(96)',
        kind: 'varchar(16)',
        subject: 'varchar(96)',
        started_at: 'bigint',
        due_at: 'bigint',
        state: 'varchar(8)',
        ended_at: 'bigint null',
        next_signal_at: 'bigint null',
        command: 'varchar(64)',
        payload: 'text',
      },
      { key: ['clock_id'], indexes: [['state', 'next_signal_at'], ['subject']] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('clock');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

export class Shifts1771000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'roster_shift',
      {
        shift_id: 'varchar(36)',
        day: 'varchar(10)',
        code: 'varchar(32)',
        starts_at: 'bigint',
        ends_at: 'bigint',
        user_id: 'varchar(64)',
        seat_id: 'varchar(64) null',
        stays_until: 'bigint null',
        // For which end a clock runs or has rung: one end, one clock.
        clock_at: 'bigint null',
        signed_on_at: 'bigint null',
        signed_off_at: 'bigint null',
        breaks: 'int',
        revision: 'int',
      },
      {
        key: ['shift_id'],
        indexes: [['day'], ['user_id', 'starts_at'], ['seat_id', 'starts_at'], ['starts_at']],
      },
    );
    // What a shift leader says when signing somebody off: a person's words, told nobody.
    await createTable(
      runner,
      'sign_off_note',
      {
        note_id: 'varchar(36)',
        seat_id: 'varchar(64)',
        user_id: 'varchar(64)',
        shift_id: 'varchar(36) null',
        at: 'bigint',
        actor_id: 'varchar(64)',
        reason: 'text',
      },
      { key: ['note_id'], indexes: [['user_id', 'at']] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('sign_off_note');
    await runner.dropTable('roster_shift');
  }
}

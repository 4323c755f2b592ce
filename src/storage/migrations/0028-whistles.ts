import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

const TABLES = ['whistle_read', 'whistle_message', 'whistle_note', 'whistle_unit', 'whistle_order', 'whistle'];

/** What no unit can solve alone: the whistle, its orders, the units that take part, and what people wrote about it. */
export class Whistles1771000000028 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'whistle',
      {
        whistle_no: 'varchar(32)',
        version: 'int',
        stage: 'varchar(24)',
        type: 'varchar(24)',
        visibility: 'varchar(16)',
        blown_at: 'bigint',
        /** Of the task force, a user id. */
        leader_id: 'varchar(64) null',
        /** JSON. */
        body: 'text',
      },
      { key: ['whistle_no'], indexes: [['stage']] },
    );
    await createTable(
      runner,
      'whistle_order',
      { order_no: 'varchar(32)', whistle_no: 'varchar(32)' },
      { key: ['order_no', 'whistle_no'], indexes: [['whistle_no']] },
    );
    await createTable(
      runner,
      'whistle_unit',
      { unit_id: 'varchar(64)', whistle_no: 'varchar(32)' },
      { key: ['unit_id', 'whistle_no'], indexes: [['whistle_no']] },
    );
    await createTable(
      runner,
      'whistle_note',
      {
        id: 'id',
        whistle_no: 'varchar(32)',
        event_id: 'varchar(36)',
        type: 'varchar(32)',
        unit_id: 'varchar(64) null',
        task_id: 'varchar(32) null',
        body: 'text',
        at: 'bigint',
        actor_id: 'varchar(64)',
      },
      { indexes: [['whistle_no']] },
    );
    await createTable(
      runner,
      'whistle_message',
      {
        whistle_no: 'varchar(32)',
        /** From 1 in each room. */
        message_no: 'int',
        at: 'bigint',
        actor_id: 'varchar(64)',
        body: 'text',
        /** JSON: user ids. */
        mentions: 'text',
      },
      { key: ['whistle_no', 'message_no'] },
    );
    await createTable(
      runner,
      'whistle_read',
      { whistle_no: 'varchar(32)', user_id: 'varchar(64)', message_no: 'int', at: 'bigint' },
      { key: ['whistle_no', 'user_id'] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.dropTable(table);
  }
}

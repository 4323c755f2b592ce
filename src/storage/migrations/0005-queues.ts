import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

export class Queues1771000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'queue_item',
      {
        item_id: 'varchar(36)',
        queue_id: 'varchar(16)',
        order_no: 'varchar(64)',
        // Unique while the item is open, null once it is done: an order waits in a queue at most once.
        open_key: 'varchar(96) null',
        state: 'varchar(8)',
        revision: 'int',
        critical: 'int',
        at_head: 'int',
        // What a queue is sorted by, as numbers that all count upwards, so that one index gives the order.
        turn: 'int',
        due_order: 'bigint',
        due_at: 'bigint null',
        queued_at: 'bigint',
        seat_id: 'varchar(64) null',
        offer_id: 'varchar(36) null',
        offer_ends_at: 'bigint null',
        expired_seat_id: 'varchar(64) null',
        kind: 'varchar(16) null',
        grade: 'varchar(16)',
        catalog_code: 'varchar(64) null',
        area_code: 'varchar(64) null',
        visibility: 'varchar(16)',
        return_reason: 'text null',
        done_at: 'bigint null',
      },
      {
        key: ['item_id'],
        unique: [['open_key']],
        indexes: [
          ['queue_id', 'state', 'turn', 'due_order', 'queued_at', 'item_id'],
          ['seat_id', 'state'],
        ],
      },
    );
    await createTable(
      runner,
      'seat',
      {
        seat_id: 'varchar(64)',
        user_id: 'varchar(64)',
        presence: 'varchar(8)',
        presence_since: 'bigint',
        // Names of the queues it serves, each between bars: |register|dispatch|
        queues: 'varchar(64)',
        held: 'int',
        idle_since: 'bigint',
        grace_id: 'varchar(96) null',
        revision: 'int',
      },
      { key: ['seat_id'], indexes: [['presence', 'held', 'idle_since', 'seat_id'], ['user_id']] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('seat');
    await runner.dropTable('queue_item');
  }
}

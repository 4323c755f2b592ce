import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { createTable } from '../table.js';

const index = (name: string, columnNames: string[]) => new TableIndex({ name, columnNames });

/** What shift leaders look at: the offers of a day that nobody took, what a seat has done, what was said to it. */
export class FloorView1771000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex('event', index('event_by_type_at', ['type', 'at']));
    await runner.createIndex('queue_item', index('queue_item_by_seat_id_done_at', ['seat_id', 'done_at']));
    await createTable(
      runner,
      'seat_message',
      {
        message_id: 'varchar(36)',
        seat_id: 'varchar(64)',
        // Who sat there: the next one at the same seat does not read what was said to this one.
        user_id: 'varchar(64)',
        actor_id: 'varchar(64)',
        at: 'bigint',
        words: 'text',
      },
      { key: ['message_id'], indexes: [['seat_id', 'at']] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('seat_message');
    await runner.dropIndex('queue_item', 'queue_item_by_seat_id_done_at');
    await runner.dropIndex('event', 'event_by_type_at');
  }
}

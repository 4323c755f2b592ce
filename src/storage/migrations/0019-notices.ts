import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

/** What requesters are told, and what became of it. Whom it goes to stands with the request alone. */
export class Notices1771000000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'notice',
      {
        id: 'id',
        notice_id: 'varchar(36)',
        order_no: 'varchar(32)',
        request_no: 'varchar(32)',
        template: 'varchar(32)',
        /** JSON. */
        facts: 'text',
        body: 'text',
        created_at: 'bigint',
        /** `queued`, `sent`, `failed`. */
        state: 'varchar(8)',
        attempts: 'int',
        sent_at: 'bigint null',
        failure: 'varchar(32) null',
        /** The timer at which it is tried next; `null`: it waits for a gateway, or is done. */
        clock_id: 'varchar(96) null',
        revision: 'int',
      },
      { unique: [['notice_id']], indexes: [['order_no'], ['state', 'clock_id']] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('notice');
  }
}

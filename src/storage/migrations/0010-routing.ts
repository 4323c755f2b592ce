import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { createTable } from '../table.js';

const column = (name: string, type: string, length?: string) =>
  new TableColumn({ name, type, ...(length ? { length } : {}), isNullable: true });

/** As later than every due time, which is how work without one was sorted before. */
const NEVER_DUE = '9007199254740991';
const HOUR_MS = '3600000';

/** What people can, who gave work up or let it pass; and work without a due time has its turn too. */
export class Routing1771000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'user_skill',
      { user_id: 'varchar(64)', skill: 'varchar(64)', level: 'int' },
      { key: ['user_id', 'skill'] },
    );
    await runner.addColumn('seat', column('missed_at', 'bigint'));
    await runner.addColumns('queue_item', [column('given_up_by', 'varchar', '64'), column('given_up_at', 'bigint')]);
    await runner.query(`UPDATE queue_item SET due_order = queued_at + ${HOUR_MS} WHERE due_order = ${NEVER_DUE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE queue_item SET due_order = ${NEVER_DUE} WHERE due_at IS NULL`);
    await runner.dropColumns('queue_item', ['given_up_by', 'given_up_at']);
    await runner.dropColumn('seat', 'missed_at');
    await runner.dropTable('user_skill');
  }
}

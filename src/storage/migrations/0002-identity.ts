import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

export class Identity1771000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'user_account',
      {
        user_id: 'varchar(64)',
        name: 'varchar(64)',
        password_hash: 'varchar(255)',
        /** Counts changes of the password: a token of an earlier one is worth nothing. */
        password_version: 'int',
        roles: 'text',
        unit_id: 'varchar(64) null',
        seat_id: 'varchar(32) null',
        active: 'int',
        demo: 'int',
        rights_version: 'int',
      },
      { key: ['user_id'], indexes: [['seat_id'], ['unit_id']] },
    );
    await createTable(
      runner,
      'api_key',
      {
        key_id: 'varchar(32)',
        source: 'varchar(64)',
        key_hash: 'varchar(64)',
        label: 'varchar(128)',
        active: 'int',
        created_at: 'bigint',
        created_by: 'varchar(64)',
      },
      { key: ['key_id'], indexes: [['source']] },
    );
    await createTable(
      runner,
      'login_failure',
      { scope: 'varchar(8)', subject: 'varchar(64)', failures: 'int', since: 'bigint' },
      { key: ['scope', 'subject'], indexes: [['since']] },
    );
    await createTable(runner, 'hub_setting', { name: 'varchar(64)', value: 'text' }, { key: ['name'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['hub_setting', 'login_failure', 'api_key', 'user_account']) await runner.dropTable(table);
  }
}

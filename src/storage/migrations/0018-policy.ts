import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

/** What a city decides about the rule book's numbers: each decision, and each value that came into force. Rows are only ever inserted. */
export class Policy1771000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'policy_change',
      {
        change_id: 'varchar(36)',
        policy_key: 'varchar(64)',
        /** JSON. */
        value: 'text',
        unit: 'varchar(16)',
        effective_at: 'bigint',
        set_by: 'varchar(64)',
        at: 'bigint',
        reason: 'text',
        recalculate: 'int',
      },
      { key: ['change_id'], indexes: [['policy_key', 'effective_at']] },
    );
    await createTable(
      runner,
      'policy_withdrawal',
      { change_id: 'varchar(36)', withdrawn_by: 'varchar(64)', at: 'bigint', reason: 'text' },
      { key: ['change_id'] },
    );
    await createTable(
      runner,
      'policy_version',
      {
        /** Of the whole policy; what a start finds in the file comes under one. */
        version: 'int',
        policy_key: 'varchar(64)',
        /** JSON. */
        value: 'text',
        unit: 'varchar(16)',
        before_value: 'text null',
        before_unit: 'varchar(16) null',
        /** From when it holds, and when it was put in force. */
        since: 'bigint',
        at: 'bigint',
        /** `null`: it came with the file. */
        change_id: 'varchar(36) null',
      },
      { key: ['version', 'policy_key'], unique: [['change_id']], indexes: [['policy_key', 'version']] },
    );
    // So that there is a row to lock before the first version.
    await runner.query(`INSERT INTO hub_setting (name, value) VALUES ('policy.version', '0')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM hub_setting WHERE name = 'policy.version'`);
    for (const table of ['policy_version', 'policy_withdrawal', 'policy_change']) await runner.dropTable(table);
  }
}

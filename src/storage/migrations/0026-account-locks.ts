import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows that are written to be held, one for each part of the accounts (`identity/account-store.ts`), instead of one for all. */
const NAMES = [...'0123456789abcdef'].map((part) => `accounts.lock.${part}`);

export class AccountLocks1771000000026 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM hub_setting WHERE name = 'accounts.lock'`);
    const rows = NAMES.map((name) => `('${name}', '')`);
    await runner.query(`INSERT INTO hub_setting (name, value) VALUES ${rows.join(', ')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of NAMES) await runner.query(`DELETE FROM hub_setting WHERE name = '${name}'`);
  }
}

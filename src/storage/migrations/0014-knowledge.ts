import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

/** Articles, every version of each; the newest is the one that counts. */
export class Knowledge1771000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'article',
      {
        article_id: 'varchar(32)',
        /** The newest one's. */
        version: 'int',
        retired_at: 'bigint null',
        retired_by: 'varchar(64) null',
        retired_reason: 'text null',
      },
      { key: ['article_id'] },
    );
    await createTable(
      runner,
      'article_version',
      {
        article_id: 'varchar(32)',
        version: 'int',
        title: 'varchar(200)',
        body: 'text',
        source: 'varchar(500)',
        owner_unit_id: 'varchar(64)',
        /** JSON. */
        catalog_codes: 'text',
        expires_at: 'bigint null',
        published_at: 'bigint',
        published_by: 'varchar(64)',
      },
      { key: ['article_id', 'version'] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['article_version', 'article']) await runner.dropTable(table);
  }
}

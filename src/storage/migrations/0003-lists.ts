import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

/** Rows of a list lie under the number of their version; `row_no` lets them be written and cleared piece by piece. */
export class Lists1771000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'list_version',
      {
        list_name: 'varchar(16)',
        version: 'int',
        /** importing: rows are still coming; activated: whole, in force from `in_force_from`. */
        state: 'varchar(16)',
        /** As its owner stated it, ms UTC. */
        effective_from: 'bigint',
        /** Never before the activation: a list does not change what was decided. */
        in_force_from: 'bigint null',
        content_hash: 'varchar(64)',
        row_total: 'int',
        imported_by: 'varchar(64)',
        started_at: 'bigint',
        activated_at: 'bigint null',
      },
      { key: ['list_name', 'version'], indexes: [['list_name', 'state', 'in_force_from']] },
    );
    await createTable(
      runner,
      'list_lease',
      { list_name: 'varchar(16)', holder: 'varchar(64)', ends_at: 'bigint' },
      { key: ['list_name'] },
    );
    await createTable(
      runner,
      'list_unit',
      {
        version: 'int',
        row_no: 'int',
        unit_id: 'varchar(64)',
        name: 'varchar(100)',
        unit_type: 'varchar(64)',
        unit_level: 'varchar(64)',
        parent_id: 'varchar(64) null',
        area_code: 'varchar(64) null',
        area_type: 'varchar(64) null',
        active: 'int',
      },
      { key: ['version', 'row_no'], unique: [['version', 'unit_id']] },
    );
    await createTable(
      runner,
      'list_catalogue_item',
      {
        version: 'int',
        row_no: 'int',
        code: 'varchar(64)',
        name: 'varchar(100)',
        parent_code: 'varchar(64) null',
        publishable: 'int',
        active: 'int',
      },
      { key: ['version', 'row_no'], unique: [['version', 'code']] },
    );
    await createTable(
      runner,
      'list_duty',
      {
        version: 'int',
        row_no: 'int',
        rule_id: 'varchar(200)',
        /** `*`: any matter (such a row names only a fallback unit). */
        catalog_code: 'varchar(64)',
        /** `*`: everywhere. */
        area_code: 'varchar(64)',
        unit_id: 'varchar(64) null',
        assist_unit_ids: 'text',
        legal_basis: 'text null',
        fallback_unit_id: 'varchar(64) null',
        confidence: 'double null',
      },
      {
        key: ['version', 'row_no'],
        unique: [['version', 'rule_id']],
        indexes: [['version', 'catalog_code', 'area_code']],
      },
    );
    await createTable(
      runner,
      'list_standard',
      {
        version: 'int',
        row_no: 'int',
        catalog_code: 'varchar(64)',
        area_code: 'varchar(64) null',
        unit_id: 'varchar(64) null',
        procedure_type: 'varchar(16)',
        limit_value: 'double',
        limit_basis: 'varchar(16)',
        band_min: 'double null',
        band_max: 'double null',
        bindingness: 'varchar(16)',
        standard_text: 'text null',
        closing_requirements: 'text null',
      },
      { key: ['version', 'row_no'], indexes: [['version', 'catalog_code']] },
    );
    await createTable(
      runner,
      'list_gap',
      {
        gap_id: 'varchar(64)',
        /** The first order that met it; all of them are in `list_gap_order`. */
        order_no: 'varchar(32)',
        catalog_code: 'varchar(64) null',
        area_code: 'varchar(64) null',
        cause: 'varchar(32)',
        /** What is the same for every order that meets the gap; empty (NULL) once it is settled. */
        open_key: 'varchar(200) null',
        opened_at: 'bigint',
        settled_at: 'bigint null',
        settled_by: 'varchar(64) null',
        note: 'text null',
      },
      { key: ['gap_id'], unique: [['open_key']] },
    );
    await createTable(
      runner,
      'list_gap_order',
      { gap_id: 'varchar(64)', order_no: 'varchar(32)', joined_at: 'bigint' },
      { key: ['gap_id', 'order_no'] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables =
      'list_gap_order list_gap list_standard list_duty list_catalogue_item list_unit list_lease list_version';
    for (const table of tables.split(' ')) await runner.dropTable(table);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

export class Orders1771000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createIntakeTables(runner);
    await createOrderTables(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables =
      'order_note order_reader work_order requester_view number_series source_key requester citizen_request';
    for (const table of tables.split(' ')) await runner.dropTable(table);
  }
}

/** What came in, as it came in. Who asked lies apart, in a row that can be erased. */
async function createIntakeTables(runner: QueryRunner): Promise<void> {
  await createTable(
    runner,
    'citizen_request',
    {
      request_no: 'varchar(32)',
      /** The order that deals with it (the primary's number stays in the order when merged). */
      order_no: 'varchar(32)',
      receipt_code: 'varchar(16)',
      source: 'varchar(64)',
      source_id: 'varchar(128)',
      channel: 'varchar(32)',
      title: 'varchar(200)',
      body: 'text',
      labels: 'text',
      occurred_at: 'bigint null',
      collected_at: 'bigint null',
      registered_at: 'bigint',
      registered_by: 'varchar(64)',
      area_code: 'varchar(64) null',
    },
    { key: ['request_no'], unique: [['receipt_code']], indexes: [['order_no'], ['registered_by', 'order_no']] },
  );
  await createTable(
    runner,
    'requester',
    {
      request_no: 'varchar(32)',
      name: 'varchar(64) null',
      /** Who filed it for them [IN16]. */
      filed_by: 'varchar(64) null',
      phone: 'varchar(32) null',
      id_number: 'varchar(32) null',
      address: 'varchar(300) null',
      lat: 'double null',
      lng: 'double null',
      crs: 'varchar(16) null',
      phone_digest: 'varchar(64) null',
      id_digest: 'varchar(64) null',
    },
    { key: ['request_no'], indexes: [['phone_digest'], ['id_digest']] },
  );
  await createTable(
    runner,
    'source_key',
    { source: 'varchar(64)', source_id: 'varchar(128)', request_no: 'varchar(32)', content_hash: 'varchar(64)' },
    { key: ['source', 'source_id'] },
  );
  await createTable(runner, 'number_series', { series: 'varchar(32)', latest: 'int' }, { key: ['series'] });
  await createTable(
    runner,
    'requester_view',
    {
      view_id: 'varchar(36)',
      order_no: 'varchar(32)',
      viewer_id: 'varchar(64)',
      purpose: 'varchar(200)',
      at: 'bigint',
    },
    { key: ['view_id'], indexes: [['order_no', 'at']] },
  );
}

/** `body` is the whole aggregate; the other columns are there to be searched. */
async function createOrderTables(runner: QueryRunner): Promise<void> {
  await createTable(
    runner,
    'work_order',
    {
      order_no: 'varchar(32)',
      request_no: 'varchar(32)',
      version: 'int',
      state: 'varchar(24)',
      visibility: 'varchar(16)',
      kind: 'varchar(16) null',
      grade: 'varchar(16)',
      channel: 'varchar(32)',
      catalog_code: 'varchar(64) null',
      unit_id: 'varchar(64) null',
      area_code: 'varchar(64) null',
      registered_at: 'bigint',
      body: 'text',
    },
    {
      key: ['order_no'],
      indexes: [
        ['registered_at', 'order_no'],
        ['state', 'registered_at'],
        ['unit_id', 'registered_at'],
        ['channel', 'registered_at'],
        ['area_code', 'registered_at'],
        ['request_no'],
      ],
    },
  );
  // Units that may read an order: its own and those above them, so that a unit's list is one indexed search.
  await createTable(
    runner,
    'order_reader',
    { unit_id: 'varchar(64)', order_no: 'varchar(32)' },
    { key: ['unit_id', 'order_no'], indexes: [['order_no']] },
  );
  // What people wrote: it can be erased, which events cannot.
  await createTable(
    runner,
    'order_note',
    {
      id: 'id',
      order_no: 'varchar(32)',
      event_id: 'varchar(36)',
      type: 'varchar(32)',
      body: 'text',
      is_public: 'int',
      at: 'bigint',
      actor_id: 'varchar(64)',
    },
    { indexes: [['order_no', 'id']] },
  );
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

export class Telephony1771000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createCallTables(runner);
    await createCallbackTables(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables =
      'callback_attempt callback_callee callback contact_log number_view caller call_fact call_seat phone_call';
    for (const table of tables.split(' ')) await runner.dropTable(table);
  }
}

/** What switches told. Who called lies apart, in a row that can be erased. */
async function createCallTables(runner: QueryRunner): Promise<void> {
  // Follows from the call's facts; kept to be searched.
  await createTable(
    runner,
    'phone_call',
    {
      call_id: 'varchar(64)',
      source: 'varchar(64)',
      state: 'varchar(8)',
      seat_id: 'varchar(64) null',
      // Who sat there when it was answered.
      taken_by: 'varchar(64) null',
      offered_at: 'bigint null',
      answered_at: 'bigint null',
      abandoned_at: 'bigint null',
      ended_at: 'bigint null',
      /** When somebody could first have answered it. */
      came_at: 'bigint null',
      caller_digest: 'varchar(64) null',
      line: 'varchar(32) null',
      order_no: 'varchar(32) null',
      clock_id: 'varchar(96) null',
    },
    {
      key: ['call_id'],
      indexes: [['came_at'], ['caller_digest', 'answered_at']],
    },
  );
  // A row while the seat speaks in the call.
  await createTable(
    runner,
    'call_seat',
    { seat_id: 'varchar(64)', call_id: 'varchar(64)' },
    { key: ['seat_id', 'call_id'] },
  );
  await createTable(
    runner,
    'call_fact',
    {
      /** Digest of the source and its own id of the event. */
      fact_key: 'varchar(64)',
      call_id: 'varchar(64)',
      type: 'varchar(16)',
      at: 'bigint',
      seat_id: 'varchar(64) null',
      caller_digest: 'varchar(64) null',
      line: 'varchar(32) null',
      content_hash: 'varchar(64)',
      recorded_at: 'bigint',
    },
    { key: ['fact_key'], indexes: [['call_id']] },
  );
  await createTable(
    runner,
    'caller',
    { call_id: 'varchar(64)', phone_digest: 'varchar(64)', phone: 'varchar(32)' },
    { key: ['call_id', 'phone_digest'] },
  );
  // Who looked at a number, and what for: of a call, or of a call-back.
  await createTable(
    runner,
    'number_view',
    {
      view_id: 'varchar(36)',
      subject: 'varchar(96)',
      viewer_id: 'varchar(64)',
      purpose: 'varchar(200)',
      at: 'bigint',
    },
    { key: ['view_id'], indexes: [['subject', 'at']] },
  );
  await createTable(
    runner,
    'contact_log',
    {
      contact_id: 'varchar(36)',
      kind: 'varchar(16)',
      call_id: 'varchar(64) null',
      order_no: 'varchar(32) null',
      seat_id: 'varchar(64) null',
      actor_id: 'varchar(64)',
      transferred_to: 'varchar(8) null',
      note: 'text null',
      at: 'bigint',
    },
    { key: ['contact_id'], indexes: [['at'], ['call_id']] },
  );
}

async function createCallbackTables(runner: QueryRunner): Promise<void> {
  await createTable(
    runner,
    'callback',
    {
      callback_id: 'varchar(36)',
      cause: 'varchar(16)',
      state: 'varchar(16)',
      order_no: 'varchar(32) null',
      call_id: 'varchar(64) null',
      phone_digest: 'varchar(64) null',
      // Unique while a missed call's is open, null for others and once it is done.
      open_key: 'varchar(96) null',
      due_at: 'bigint',
      attempts: 'int',
      clock_id: 'varchar(96) null',
      reason: 'text null',
      created_at: 'bigint',
      created_by: 'varchar(64)',
      revision: 'int',
    },
    { key: ['callback_id'], unique: [['open_key']], indexes: [['phone_digest', 'state'], ['order_no']] },
  );
  // Only of numbers that somebody typed: others are read where they lie.
  await createTable(
    runner,
    'callback_callee',
    { callback_id: 'varchar(36)', phone: 'varchar(32)' },
    { key: ['callback_id'] },
  );
  await createTable(
    runner,
    'callback_attempt',
    {
      callback_id: 'varchar(36)',
      attempt: 'int',
      at: 'bigint',
      outcome: 'varchar(16)',
      note: 'text null',
      actor_id: 'varchar(64)',
    },
    { key: ['callback_id', 'attempt'] },
  );
}

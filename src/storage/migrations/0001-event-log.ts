import { randomUUID } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from '../table.js';

export class EventLog1771000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'command',
      {
        actor_id: 'varchar(64)',
        command_id: 'varchar(36)',
        name: 'varchar(64)',
        payload_hash: 'varchar(64)',
        answer: 'text null',
        at: 'bigint',
      },
      { key: ['actor_id', 'command_id'], indexes: [['at']] },
    );
    await createTable(
      runner,
      'event',
      {
        id: 'id',
        event_id: 'varchar(36)',
        subject: 'varchar(96)',
        version: 'int null',
        type: 'varchar(64)',
        at: 'bigint',
        recorded_at: 'bigint',
        actor_id: 'varchar(64)',
        command_id: 'varchar(36)',
        causation_id: 'varchar(36) null',
        data: 'text',
        card: 'text null',
        changed: 'text null',
        audience: 'text',
      },
      { unique: [['event_id']], indexes: [['subject', 'id']] },
    );
    await createTable(
      runner,
      'event_place',
      { seq: 'bigint', event_row: 'bigint', hash: 'varchar(64)' },
      { key: ['seq'], unique: [['event_row']] },
    );
    await createTable(
      runner,
      'room_event',
      { room: 'varchar(128)', room_offset: 'bigint', seq: 'bigint' },
      { key: ['room', 'room_offset'], indexes: [['seq']] },
    );
    await createTable(runner, 'room_head', { room: 'varchar(128)', head: 'bigint' }, { key: ['room'] });
    await createTable(
      runner,
      'log_head',
      { id: 'int', epoch: 'varchar(36)', seq: 'bigint', last_row: 'bigint', hash: 'varchar(64)' },
      { key: ['id'] },
    );
    await runner.query(`INSERT INTO log_head (id, epoch, seq, last_row, hash) VALUES (1, '${randomUUID()}', 0, 0, '')`);
    await createTable(runner, 'card', { card_key: 'varchar(96)', body: 'text' }, { key: ['card_key'] });
    await createTable(
      runner,
      'room_card',
      { room: 'varchar(128)', card_key: 'varchar(96)', view: 'varchar(8)' },
      { key: ['room', 'card_key'], indexes: [['card_key']] },
    );
    await createTable(runner, 'subject_readers', { subject: 'varchar(96)', readers: 'text' }, { key: ['subject'] });
    await createTable(runner, 'consumer', { name: 'varchar(64)', seq: 'bigint' }, { key: ['name'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = 'consumer subject_readers room_card card log_head room_head room_event event_place event command';
    for (const table of tables.split(' ')) await runner.dropTable(table);
  }
}

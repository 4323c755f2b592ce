import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { createTable } from '../table.js';

/** Which nodes of the hub are alive and whose consoles they hold: presence is what the database says, on every node. */
export class Presence1771000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'hub_node',
      { node_id: 'varchar(36)', serving_since: 'bigint', lease_until: 'bigint' },
      { key: ['node_id'], indexes: [['lease_until']] },
    );
    await createTable(
      runner,
      'seat_socket',
      // One row however many tabs: the node counts them itself.
      { user_id: 'varchar(64)', node_id: 'varchar(36)', since: 'bigint' },
      { key: ['user_id', 'node_id'], indexes: [['node_id']] },
    );
    // The clock by which the presence ends by itself, or has lasted too long.
    await runner.addColumn(
      'seat',
      new TableColumn({ name: 'presence_clock', type: 'varchar', length: '96', isNullable: true }),
    );
    // Who was at a seat before anybody signed on.
    await runner.query(`UPDATE seat SET signed_on_at = presence_since WHERE presence <> 'offline'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('seat', 'presence_clock');
    await runner.dropTable('seat_socket');
    await runner.dropTable('hub_node');
  }
}

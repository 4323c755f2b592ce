import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

const column = (name: string, type: string, length?: string) =>
  new TableColumn({ name, type, ...(length ? { length } : {}), isNullable: true });

/** Who is signed on where and until when, what people can and work asks for, and work that belongs to no order. */
export class Floor1771000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('seat', [
      column('presence_until', 'bigint'),
      column('signed_on_at', 'bigint'),
      column('shift_id', 'varchar', '64'),
      column('shift_ends_at', 'bigint'),
      column('listens_to', 'varchar', '64'),
      // JSON; null: none.
      column('skills', 'text'),
      // What it has taken in hand since it was signed on; null: nothing.
      column('taken', 'int'),
    ]);
    await runner.addColumns('queue_item', [
      column('callback_id', 'varchar', '36'),
      // JSON; null: none.
      column('needs', 'text'),
      column('claimed_at', 'bigint'),
    ]);
    const orderNo = (await runner.getTable('queue_item'))!.findColumnByName('order_no')!;
    const optional = orderNo.clone();
    optional.isNullable = true;
    await runner.changeColumn('queue_item', orderNo, optional);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM queue_item WHERE order_no IS NULL');
    const orderNo = (await runner.getTable('queue_item'))!.findColumnByName('order_no')!;
    const required = orderNo.clone();
    required.isNullable = false;
    await runner.changeColumn('queue_item', orderNo, required);
    await runner.dropColumns('queue_item', ['callback_id', 'needs', 'claimed_at']);
    await runner.dropColumns('seat', [
      ...['presence_until', 'signed_on_at', 'shift_id', 'shift_ends_at', 'listens_to', 'skills', 'taken'],
    ]);
  }
}

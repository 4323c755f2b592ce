import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

/** What explains a clock of the rule book: its limit, where that comes from, its pauses, what it has said. */
export class RuleBookClocks1771000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('clock', new TableColumn({ name: 'details', type: 'text', isNullable: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('clock', 'details');
  }
}

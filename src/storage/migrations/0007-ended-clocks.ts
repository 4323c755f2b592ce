import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** By this, clocks that ended long ago are found. Running ones have no end. */
const BY_END = new TableIndex({ name: 'clock_by_ended_at', columnNames: ['ended_at'] });

export class EndedClocks1771000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex('clock', BY_END);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('clock', BY_END.name!);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Orders1771000000004 implements MigrationInterface {
  async up(_runner: QueryRunner): Promise<void> {}

  async down(_runner: QueryRunner): Promise<void> {}
}

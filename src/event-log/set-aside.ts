import { Injectable } from '@nestjs/common';
import { ReadModel } from '../storage/unit-of-work.js';

/** Events that a reaction could not follow up: somebody must look at them. */
@Injectable()
export class SetAside {
  constructor(private readonly readModel: ReadModel) {}

  /** How many, by the reaction's name. */
  counts(): Promise<Map<string, number>> {
    return this.readModel.run(async (tx) => {
      const rows = await tx.all<{ consumer: string; n: number }>(
        'SELECT consumer, COUNT(*) AS n FROM set_aside GROUP BY consumer ORDER BY consumer',
      );
      return new Map(rows.map(({ consumer, n }) => [consumer, n]));
    });
  }
}

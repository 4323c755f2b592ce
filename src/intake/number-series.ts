import { Injectable } from '@nestjs/common';
import { numberIn } from '../domain/intake/numbering.js';
import type { Tx } from '../storage/unit-of-work.js';

/** Numbers without a gap: the count moves in the transaction that uses it, and goes back when that is undone. */
@Injectable()
export class NumberSeries {
  /** The next number of the series. Until commit others who want one wait: the row is locked by its update. */
  async next(tx: Tx, series: string): Promise<string> {
    const counted = await tx.run('UPDATE number_series SET latest = latest + 1 WHERE series = ?', [series]);
    if (counted === 0 && !(await tx.insertIfAbsent('number_series', { series, latest: 1 }))) {
      await tx.run('UPDATE number_series SET latest = latest + 1 WHERE series = ?', [series]);
    }
    const row = await tx.one<{ latest: number }>('SELECT latest FROM number_series WHERE series = ?', [series]);
    return numberIn(series, row!.latest);
  }
}

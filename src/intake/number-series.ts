import { Injectable } from '@nestjs/common';
import { numberIn } from '../domain/intake/numbering.js';
import type { Tx } from '../storage/unit-of-work.js';

/** Numbers without a gap: the count moves in the transaction that uses it, and goes back when that is undone. */
@Injectable()
export class NumberSeries {
  /**
   * The next number of each of these series, in their order. Until commit others who want one wait: the rows are locked by
   * their update. So whatever needs no number is better done before.
   */
  async next(tx: Tx, ...series: string[]): Promise<string[]> {
    for (const one of series) await this.count(tx, one);
    const rows = await tx.all<{ series: string; latest: number }>(
      `SELECT series, latest FROM number_series WHERE series IN (${series.map(() => '?').join(', ')})`,
      series,
    );
    const latest = new Map(rows.map((row) => [row.series, row.latest]));
    return series.map((one) => numberIn(one, latest.get(one)!));
  }

  private async count(tx: Tx, series: string): Promise<void> {
    const counted = await tx.run('UPDATE number_series SET latest = latest + 1 WHERE series = ?', [series]);
    if (counted === 0 && !(await tx.insertIfAbsent('number_series', { series, latest: 1 }))) {
      await tx.run('UPDATE number_series SET latest = latest + 1 WHERE series = ?', [series]);
    }
  }
}

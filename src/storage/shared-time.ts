import type { Clock } from '../config/clock.js';
import type { ReadTx } from './unit-of-work.js';

/** The database's time in SQL, ms UTC; not by a local time, of which there is an hour twice in autumn. */
export const DATABASE_NOW = '(UNIX_TIMESTAMP() * 1000 + MICROSECOND(NOW(3)) DIV 1000)';

/**
 * The one time of all nodes, by which they count each other's leases: their own may be set or go wrong, each by itself. It is
 * the machines' time. Limits, and whatever people are told, run by the hub's (`Clock`).
 */
export abstract class SharedTime {
  /** ms UTC. */
  abstract now(tx: ReadTx): Promise<number>;
}

/** Where there is one node, its own will do. */
export class OwnTime extends SharedTime {
  constructor(private readonly clock: Clock) {
    super();
  }

  now(): Promise<number> {
    return Promise.resolve(this.clock.now());
  }
}

/** Of the server that the node asks. */
export class DatabaseTime extends SharedTime {
  async now(tx: ReadTx): Promise<number> {
    return (await tx.one<{ now: number }>(`SELECT ${DATABASE_NOW} AS now`))!.now;
  }
}

/**
 * How far the machine's time is ahead of the shared one, ms; below 0: behind. What lies within half the way to the database
 * and back cannot be told, and is 0.
 */
export async function aheadOfShared(tx: ReadTx, shared: SharedTime, clock: Clock): Promise<number> {
  const machine = () => clock.now() - clock.aheadMs;
  // A transaction may have to wait for other servers before its first answer.
  await shared.now(tx);
  const before = machine();
  const there = await shared.now(tx);
  const half = (machine() - before) / 2;
  const ahead = before + half - there;
  return Math.abs(ahead) <= half ? 0 : ahead;
}

/** In words, for who looks after the hub. */
export const apartInWords = (aheadMs: number): string =>
  `本机时间比数据库${aheadMs > 0 ? '快' : '慢'} ${Math.round(Math.abs(aheadMs) / 1_000)} 秒`;

import { Logger } from '@nestjs/common';
import type { MariadbPool } from './mariadb-pool.js';
import { StorageUnavailable } from './unit-of-work.js';

/** Of a read that takes longer nobody knows whether it is slow or its server stands still; that one has as long to answer. */
const SILENCE_MS = 1_000;

/**
 * A server that the hub can do without: nobody waits for it while it is away or stands still. Whether it does is asked on
 * a line of its own, once at a time, so that its reads may be as slow as they are.
 */
export class MariadbReplica {
  private away = false;
  private asking: Promise<void> | undefined;
  private readonly log = new Logger('Database');

  constructor(
    readonly pool: MariadbPool,
    private readonly silenceMs = SILENCE_MS,
  ) {}

  /** While it does not, it is asked again whenever somebody would read there; nobody waits for its answer. */
  get serves(): boolean {
    if (this.away) void this.ask();
    return !this.away;
  }

  /**
   * What is read there, as long as it serves.
   * @throws {StorageUnavailable} as soon as it is known that it does not; the read may still go on in vain
   */
  whileItServes<T>(reading: Promise<T>): Promise<T> {
    let looks: NodeJS.Timeout;
    const gone = new Promise<never>((_come, fail) => {
      looks = setInterval(() => {
        void this.ask().then(() => this.away && fail(new StorageUnavailable('the replica does not answer')));
      }, this.silenceMs);
    });
    return Promise.race([reading, gone]).finally(() => clearInterval(looks));
  }

  /** A read has failed there. */
  failed(): void {
    if (!this.away) this.log.warn('the replica does not serve; what may lag is read at the primary');
    this.away = true;
  }

  private ask(): Promise<void> {
    return (this.asking ??= this.pool
      .serves(this.silenceMs)
      .then((answered) => {
        if (!answered) return this.failed();
        if (this.away) this.log.log('the replica serves again');
        this.away = false;
      })
      .finally(() => (this.asking = undefined)));
  }
}

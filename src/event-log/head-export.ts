import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { Settings } from '../config/settings.js';
import { Beat } from '../deadlines/beat.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { appendHead, readHeads } from './log-heads.js';
import type { Position } from './log-reader.js';
import type { LogHead } from './sequencer.js';
import { Tail } from './tail.js';

const HOUR_MS = 3_600_000;
/** Days end at midnight in China. */
const dayOf = (at: number): number => Math.floor((at + 8 * HOUR_MS) / (24 * HOUR_MS));
const RETRY_AFTER_MS = 60_000;

/**
 * Writes down each day, outside the database, where the log stands: whoever cuts the log's end off and sets its head
 * back cannot take that back, and `npm run verify-log` finds it. [I8]
 */
@Injectable()
export class HeadExport implements OnApplicationShutdown {
  private readonly log = new Logger('HeadExport');
  private lastDay: number | undefined;
  private notBefore = 0;

  constructor(
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
    private readonly settings: Settings,
    beat: Beat,
    tail: Tail,
  ) {
    beat.each(() => this.daily());
    tail.onNewLog((_, before) => this.keep(before));
  }

  /** The log became another one: what was last seen of the old one is what whoever verifies it must hear of. */
  private keep(before: Position): void {
    try {
      appendHead(this.settings.headsDir, { at: this.clock.now(), ...before });
    } catch (error) {
      this.log.error('what was last seen of the old log was not written down', error as Error);
    }
  }

  /** Whatever was placed until the hub's end is in the last line. */
  async onApplicationShutdown(): Promise<void> {
    await this.write().catch((error: unknown) => this.log.error('the log’s head was not written down', error as Error));
  }

  private async daily(): Promise<void> {
    const now = this.clock.now();
    if (now < this.notBefore) return;
    this.lastDay ??= dayOf(readHeads(this.settings.headsDir).at(-1)?.at ?? 0);
    if (dayOf(now) <= this.lastDay) return;
    this.notBefore = now + RETRY_AFTER_MS;
    await this.write();
  }

  private async write(): Promise<void> {
    const { epoch, seq, hash } = await this.readModel.run(
      async (tx) => (await tx.one<LogHead>('SELECT epoch, seq, hash FROM log_head WHERE id = 1'))!,
    );
    const at = this.clock.now();
    appendHead(this.settings.headsDir, { at, epoch, seq, hash });
    this.lastDay = dayOf(at);
  }
}

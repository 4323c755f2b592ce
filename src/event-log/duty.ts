import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { SharedTime } from '../storage/shared-time.js';
import { type ReadTx, UnitOfWork } from '../storage/unit-of-work.js';

/** A node that says nothing for so long has its duty taken over by the next that looks. */
const LEASE_MS = 4_000;
const LOOK_EVERY_MS = 1_000;
const NAME = 'reactions';

export interface OnDuty {
  /** This node follows the log up from now on. */
  begin(): void;
  /** Another one does. */
  standBy(): void;
}

/**
 * When, by the time of all, the node on duty last wrote that it is, as this view shows it: every second, so that the view's
 * age is known.
 */
export async function lastSignOfDuty(tx: ReadTx): Promise<number> {
  const lease = await tx.one<{ lease_until: number }>('SELECT lease_until FROM lease WHERE name = ?', [NAME]);
  return lease ? lease.lease_until - LEASE_MS : -Infinity;
}

/**
 * Which of the hub's nodes follows the log up with commands, by a lease. Only to save work: two that both believe to have
 * it, because one was paused or two servers' times differ, issue the same commands under the same ids. [I7]
 */
@Injectable()
export class Duty {
  private readonly node = randomUUID();
  private readonly log = new Logger('Duty');
  /** In the embedded profile there is no other node to wait for. */
  private readonly alone: boolean;
  private mine = false;
  private looking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly time: SharedTime,
    settings: Settings,
  ) {
    this.alone = settings.profile === 'embedded';
  }

  async start(onDuty: OnDuty): Promise<void> {
    if (this.alone) return onDuty.begin();
    this.timer = setInterval(() => {
      this.looking ??= this.look(onDuty);
    }, LOOK_EVERY_MS);
    await (this.looking = this.look(onDuty));
  }

  /** The next node that looks has it. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    if (!this.mine) return;
    this.mine = false;
    await this.unitOfWork.run((tx) => tx.run('DELETE FROM lease WHERE name = ? AND holder = ?', [NAME, this.node]));
  }

  private async look(onDuty: OnDuty): Promise<void> {
    try {
      const mine = await this.take();
      if (mine !== this.mine) {
        this.mine = mine;
        if (mine) onDuty.begin();
        else onDuty.standBy();
      }
    } catch (error) {
      // Whoever can write has it once the lease has run out.
      this.log.error('whose duty it is could not be looked up; tried again soon', error as Error);
    }
    this.looking = undefined;
  }

  private take(): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      const now = await this.time.now(tx);
      const row = { name: NAME, holder: this.node, lease_until: now + LEASE_MS };
      const taken = await tx.run(
        'UPDATE lease SET holder = ?, lease_until = ? WHERE name = ? AND (holder = ? OR lease_until <= ?)',
        [this.node, row.lease_until, NAME, this.node, now],
      );
      return taken === 1 || tx.insertIfAbsent('lease', row);
    });
  }
}

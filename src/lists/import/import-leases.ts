import { Injectable } from '@nestjs/common';
import { HubException } from '../../commands/hub-exception.js';
import { newCommandId } from '../../commands/new-command-id.js';
import { Policy } from '../../config/policy.js';
import { SharedTime } from '../../storage/shared-time.js';
import { type Tx, UnitOfWork } from '../../storage/unit-of-work.js';

/** The right to import one list. Whoever lost it writes nothing more. */
export interface ImportLease {
  list: string;
  holder: string;
  /** By a clock that nobody sets, ms. */
  renewedAt: number;
}

/** Two imports of one list at once would mix their rows: a lease row lets in one. It ends by itself if its holder dies. */
@Injectable()
export class ImportLeases {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly time: SharedTime,
    private readonly policy: Policy,
  ) {}

  /** @throws {HubException} `list_import_running` */
  async take(list: string): Promise<ImportLease> {
    const lease = { list, holder: newCommandId(), renewedAt: performance.now() };
    const mine = await this.unitOfWork.run(async (tx) => {
      const now = await this.time.now(tx);
      const row = { list_name: list, holder: lease.holder, ends_at: this.endsAt(now) };
      if (await tx.insertIfAbsent('list_lease', row)) return true;
      const ended = await tx.run('UPDATE list_lease SET holder = ?, ends_at = ? WHERE list_name = ? AND ends_at <= ?', [
        row.holder,
        row.ends_at,
        list,
        now,
      ]);
      return ended === 1;
    });
    if (!mine) throw alreadyRunning();
    return lease;
  }

  /**
   * To be called in every transaction that writes rows.
   * @throws {HubException} `list_import_running` when the lease ended and another import took its place.
   */
  async keep(tx: Tx, lease: ImportLease): Promise<void> {
    const begun = performance.now();
    const kept = await tx.run('UPDATE list_lease SET ends_at = ? WHERE list_name = ? AND holder = ?', [
      this.endsAt(await this.time.now(tx)),
      lease.list,
      lease.holder,
    ]);
    if (kept === 0) throw alreadyRunning();
    lease.renewedAt = begun;
  }

  /** While a long file is being read: writes only when a third of the lease is over. */
  async keepAlive(lease: ImportLease): Promise<void> {
    if (performance.now() - lease.renewedAt < this.milliseconds() / 3) return;
    await this.unitOfWork.run((tx) => this.keep(tx, lease));
  }

  async release({ list, holder }: ImportLease): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.run('DELETE FROM list_lease WHERE list_name = ? AND holder = ?', [list, holder]),
    );
  }

  /** At the start of the only process there is: whoever held one is dead. */
  async freeAll(): Promise<void> {
    await this.unitOfWork.run((tx) => tx.run('DELETE FROM list_lease'));
  }

  private endsAt(now: number): number {
    return now + this.milliseconds();
  }

  private milliseconds(): number {
    return this.policy.number('lists.leaseSeconds') * 1_000;
  }
}

const alreadyRunning = (): HubException => new HubException('list_import_running', '这张清单正在导入，请稍后再试');

/** `undefined` where another import of the list runs, on whatever node. */
export async function unlessRunning<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof HubException && error.error.code === 'list_import_running') return undefined;
    throw error;
  }
}

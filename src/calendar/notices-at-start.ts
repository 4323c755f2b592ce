import { Injectable } from '@nestjs/common';
import { newCommandId } from '../commands/new-command-id.js';
import { Clock } from '../config/clock.js';
import { Settings } from '../config/settings.js';
import { SYSTEM } from '../identity/actor.js';
import { ReadModel, UnitOfWork } from '../storage/unit-of-work.js';
import { knownNotices } from './known-notices.js';
import { NoticeLedger } from './notice-ledger.js';
import { NoticeStore } from './notice-store.js';

/** [WD11] The notices that come with the hub, for the years of which its database has none. */
@Injectable()
export class NoticesAtStart {
  constructor(
    private readonly store: NoticeStore,
    private readonly ledger: NoticeLedger,
    private readonly settings: Settings,
    private readonly unitOfWork: UnitOfWork,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  /** @throws {ConfigurationFault} when one of them cannot be so */
  async takeIn(): Promise<void> {
    const known = knownNotices(this.settings.configDir);
    const told = new Set((await this.readModel.run((tx) => this.store.inForce(tx))).map(({ year }) => year));
    const missing = known.filter(({ year }) => !told.has(year)).sort((a, b) => a.year - b.year);
    if (missing.length === 0) return;
    const origin = {
      actorId: SYSTEM.userId,
      commandId: newCommandId(),
      causationId: null,
      recordedAt: this.clock.now(),
    };
    await this.unitOfWork.run(async (tx) => {
      // Looked at again: another node may start as well.
      const since = new Set((await this.store.inForce(tx)).map(({ year }) => year));
      for (const notice of missing.filter(({ year }) => !since.has(year))) {
        await this.ledger.take(tx, origin, { ...notice, form: 'hub', file: JSON.stringify(notice) });
      }
    });
  }
}

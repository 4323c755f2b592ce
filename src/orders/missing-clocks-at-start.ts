import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { ClockLedger, type NewClock } from '../deadlines/clock-ledger.js';
import { HubSettings } from '../identity/hub-settings.js';
import { UnitOfWork } from '../storage/unit-of-work.js';
import { OrderStore } from './order-store.js';

/** Once in the life of a database, when it may hold orders of before there were clocks: they get theirs while the hub serves. [CK15] */
@Injectable()
export class MissingClocksAtStart implements OnApplicationBootstrap {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly hubSettings: HubSettings,
    private readonly store: OrderStore,
    private readonly timers: ClockLedger,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      if (!(await this.hubSettings.claim(tx, 'clocks.begun', '1'))) return;
      if ((await this.store.activeAfter(tx, '', 1)).length === 0) return;
      const now = this.clock.now();
      await this.timers.start(tx, missingClocksTimer('', now), now);
    });
  }
}

/** For the orders after this number. */
export const missingClocksTimer = (after: string, dueAt: number): NewClock => ({
  clockId: `missing-clocks:${after}`,
  kind: 'RECOUNT',
  subject: 'hub:clocks',
  dueAt,
  command: { name: 'startMissingClocks', payload: { after } },
});

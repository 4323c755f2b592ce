import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { PolicyCard } from '@minqing-hub/client-sdk/protocol';
import { newCommandId } from '../commands/new-command-id.js';
import { Clock } from '../config/clock.js';
import { isPolicyKey, Policy } from '../config/policy.js';
import { type PolicyKey } from '../config/policy-keys.js';
import { EventLog } from '../event-log/event-log.js';
import { SYSTEM } from '../identity/actor.js';
import { UnitOfWork } from '../storage/unit-of-work.js';
import { LivePolicy } from './live-policy.js';
import { PolicyDesk, type PolicyContext } from './policy-desk.js';
import { type HeldRow, PolicyStore } from './policy-store.js';

/**
 * Before the hub serves: what fell due while it was off comes into force [PC3], and what the file says now is told, so
 * that every policy has its card. The file counts for what no command has set. [PC1] [PC7]
 */
@Injectable()
export class PolicyAtStart implements OnModuleInit {
  private readonly log = new Logger('PolicyAtStart');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: PolicyStore,
    private readonly desk: PolicyDesk,
    private readonly eventLog: EventLog,
    private readonly live: LivePolicy,
    private readonly policy: Policy,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const now = this.clock.now();
      const origin = { actorId: SYSTEM.userId, commandId: newCommandId(), causationId: null, recordedAt: now };
      const context = { tx, now, origin };
      await this.desk.putDueInForce(context);
      await this.takeFile(context);
      await this.bringCardsUpToDate(context);
    });
    await this.live.read();
  }

  /** All that the file changes is one version. */
  private async takeFile(context: PolicyContext): Promise<void> {
    const version = (await this.store.lockVersion(context.tx)) + 1;
    const held = new Map((await this.store.held(context.tx)).map((row) => [row.key, row]));
    const fresh = (Object.keys(this.policy.entries) as PolicyKey[])
      .filter((key) => this.fileCounts(key, held.get(key)))
      .map((key) => {
        const { value, unit } = this.policy.entries[key];
        return { key, value, unit, version, since: context.now, changeId: null, before: held.get(key) };
      });
    if (fresh.length > 0) await this.desk.hold(context, fresh, false);
  }

  private fileCounts(key: PolicyKey, held: HeldRow | undefined): boolean {
    if (!held) return true;
    const { value, unit } = this.policy.entries[key];
    const differs = held.value !== value || held.unit !== unit;
    if (this.policy.fault(key, held.value, held.unit) === undefined) return held.changeId === null && differs;
    this.log.warn(`${key} was ${held.value} (${held.unit}), which this program does not allow: the file counts`);
    return true;
  }

  /** Units, defaults and clauses change with the file, too, and policies come and go with the program. */
  private async bringCardsUpToDate(context: PolicyContext): Promise<void> {
    const { tx, now, origin } = context;
    const rows = await tx.all<{ body: string }>('SELECT body FROM card WHERE card_key >= ? AND card_key < ?', [
      'policy:',
      'policy;',
    ]);
    const cards = await this.desk.cards(tx);
    for (const card of rows.map(({ body }) => JSON.parse(body) as PolicyCard)) {
      const { key } = card;
      const fresh = cards.get(key);
      if (fresh && isDeepStrictEqual(fresh, card)) continue;
      if (isPolicyKey(key)) await this.desk.tell(context, key, 'policy.described', now, null, {});
      else {
        await this.eventLog.append(tx, origin, [
          { subject: `policy:${key}`, type: 'policy.dropped', at: now, version: null, data: { key }, card, rooms: {} },
        ]);
      }
    }
  }
}

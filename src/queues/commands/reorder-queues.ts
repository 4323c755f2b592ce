import type { Role } from '@minqing-hub/client-sdk/protocol';
import { IsInt, Min } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import { HubSettings } from '../../identity/hub-settings.js';
import { ItemStore } from '../item-store.js';

class ReorderQueuesPayload {
  @Min(1)
  @IsInt()
  patienceMinutes!: number;

  /** Of the policy. */
  @Min(1)
  @IsInt()
  version!: number;
}

/** [RT11] What waits goes by the patience that holds now. Two nodes may say so out of order: the newer version counts. */
@Handles('reorderQueues')
export class ReorderQueues extends CommandHandler<ReorderQueuesPayload, object> {
  readonly payload = ReorderQueuesPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly items: ItemStore,
    private readonly hubSettings: HubSettings,
  ) {
    super();
  }

  async handle({ patienceMinutes, version }: ReorderQueuesPayload, { tx }: CommandContext): Promise<Result<object>> {
    const before = Number((await this.hubSettings.lock(tx, 'queues.orderVersion')) ?? 0);
    if (version <= before) return ok({});
    await this.hubSettings.set(tx, 'queues.orderVersion', String(version));
    await this.items.reorder(tx, patienceMinutes * 60_000);
    return ok({});
  }
}

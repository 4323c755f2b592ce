import { Injectable } from '@nestjs/common';
import type { CommandContext } from '../commands/command-handler.js';
import { derivedId } from '../commands/derived-id.js';
import { EventLog } from '../event-log/event-log.js';

/** [DG5] That somebody looked at a number, and what for; of an order's caller in the order's own trail. */
@Injectable()
export class NumberViews {
  constructor(private readonly log: EventLog) {}

  async note(
    { tx, actor, now, origin }: CommandContext,
    { purpose, ...of }: { purpose: string; orderNo: string | null } & ({ callId: string } | { callbackId: string }),
  ): Promise<void> {
    const viewId = derivedId('number-view', actor.userId, origin.commandId);
    const thing = 'callId' in of ? (`call:${of.callId}` as const) : (`callback:${of.callbackId}` as const);
    const subject = of.orderNo === null ? thing : (`order:${of.orderNo}` as const);
    await tx.insert('number_view', { view_id: viewId, subject: thing, viewer_id: actor.userId, purpose, at: now });
    await this.log.append(tx, origin, [
      {
        ...{ subject, type: 'requester.identity.viewed', at: now, version: null },
        ...{ data: { ...of, viewId }, card: null, rooms: {} },
      },
    ]);
  }
}

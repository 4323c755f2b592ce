import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { HubError } from '@minqing-hub/client-sdk/protocol';
import { CommandBus } from '../commands/command-bus.js';
import type { CommandContext } from '../commands/command-handler.js';
import { beyondHearing } from '../domain/order/decide.js';
import { OrderDesk } from './order-desk.js';

/** Who has lost an order hears nothing more of it, not even what they were told of it before. [I6] [I7] */
@Injectable()
export class Hearing implements OnModuleInit {
  constructor(
    private readonly bus: CommandBus,
    private readonly desk: OrderDesk,
  ) {}

  onModuleInit(): void {
    this.bus.askBeforeRepeating(({ name, payload }, context) => this.barred(name, payload, context));
  }

  private async barred(
    name: string,
    { orderNo }: { orderNo?: unknown },
    context: CommandContext,
  ): Promise<HubError | undefined> {
    if (typeof orderNo !== 'string' || (await this.nothingSince(orderNo, context))) return undefined;
    const order = await this.desk.load(context, orderNo);
    return beyondHearing(order, name, await this.desk.circumstances(context, order));
  }

  /**
   * The command was the last that happened, to the order as to the actor's rights, but for what the hub did about it at
   * once and for what clocks say: the answer tells what they did, no more. Who hands on what they had in hand would otherwise not learn, after a
   * cut line, that they have.
   */
  private async nothingSince(orderNo: string, { tx, actor, origin }: CommandContext): Promise<boolean> {
    const subject = `order:${orderNo}`;
    const own = await tx.one<{ id: number; event_id: string }>(
      'SELECT id, event_id FROM event WHERE subject = ? AND command_id = ? ORDER BY id LIMIT 1',
      [subject, origin.commandId],
    );
    if (!own) return false;
    const since = await tx.one(
      `SELECT id FROM event WHERE id > ? AND COALESCE(causation_id, '') <> ? AND type NOT LIKE 'deadline.%'
       AND (subject = ? OR (subject = ? AND type = 'identity.rights_changed')) LIMIT 1`,
      [own.id, own.event_id, subject, `user:${actor.userId}`],
    );
    return since === undefined;
  }
}

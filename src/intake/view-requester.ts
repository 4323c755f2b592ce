import { IsString, MaxLength, Matches } from 'class-validator';
import type { Actor, CommandPayload, CommandResult, Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../commands/command-handler.js';
import { derivedId } from '../commands/derived-id.js';
import { Handles } from '../commands/handles.js';
import type { OrderReaders } from '../domain/access/audience.js';
import { mayReadOrder } from '../domain/access/may-read-order.js';
import { ok, refuse, type Result } from '../domain/result.js';
import { EventLog } from '../event-log/event-log.js';
import { RequestStore } from './request-store.js';

/** Who talks to requesters wherever the order stands, and supervisors, with a reason like everybody (A24). */
const OF_THE_CENTRE: readonly Role[] = ['agent', 'shift_leader', 'dispatcher', 'follow_up_agent', 'supervisor'];
/** The lead answers the citizen; assists never contact the requester. */
const OF_THE_LEAD: readonly Role[] = ['unit_clerk', 'handler'];

export class ViewRequesterPayload implements CommandPayload<'viewRequester'> {
  @IsString({ message: '应为工单编号' })
  @MaxLength(32, { message: '应为工单编号' })
  orderNo!: string;

  @IsString({ message: '请说明查看的用途' })
  @Matches(/^\s*\S[^]{3,198}\S\s*$/u, { message: '用途应为5到200个字' })
  @MaxLength(200, { message: '用途应为5到200个字' })
  purpose!: string;
}

/** Shows who asked, unmasked, to somebody who says why; that they looked stays in the log for ever [DG1][DG5]. */
@Handles('viewRequester')
export class ViewRequester extends CommandHandler<ViewRequesterPayload, CommandResult<'viewRequester'>> {
  readonly payload = ViewRequesterPayload;
  readonly who = [...OF_THE_CENTRE, ...OF_THE_LEAD];
  override readonly personalAnswer = true;

  constructor(
    private readonly requests: RequestStore,
    private readonly log: EventLog,
  ) {
    super();
  }

  async handle(
    { orderNo, purpose }: ViewRequesterPayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'viewRequester'>>> {
    const { tx, actor, now, origin, repeated } = context;
    const order = await this.readable(context, orderNo);
    if (!order) return refuse('order_not_found', '没有这件工单，或您无权查看', { field: 'orderNo' });
    if (!speaksWithRequester(actor, order.leadUnitId)) {
      return refuse('forbidden', '只有受理中心和主办单位可以查看诉求人信息', { field: 'orderNo' });
    }
    if (!repeated) {
      const viewId = derivedId('requester-view', actor.userId, origin.commandId);
      await tx.insert('requester_view', {
        view_id: viewId,
        order_no: orderNo,
        viewer_id: actor.userId,
        purpose,
        at: now,
      });
      await this.log.append(tx, origin, [
        {
          subject: `order:${orderNo}`,
          type: 'identity.viewed',
          at: now,
          version: null,
          data: { orderNo, viewId },
          card: null,
          rooms: {},
        },
      ]);
    }
    return ok(await this.requests.requesterOf(tx, orderNo));
  }

  /** `undefined` alike when there is none and when the actor may not know of it [I6]. */
  private async readable(
    { tx, actor }: CommandContext,
    orderNo: string,
  ): Promise<{ leadUnitId: string | null } | undefined> {
    const row = await tx.one<{ readers: string; unit_id: string | null }>(
      `SELECT s.readers, o.unit_id FROM work_order o
       JOIN subject_readers s ON s.subject = ? WHERE o.order_no = ?`,
      [`order:${orderNo}`, orderNo],
    );
    if (!row || !mayReadOrder(actor, JSON.parse(row.readers) as OrderReaders)) return undefined;
    return { leadUnitId: row.unit_id };
  }
}

function speaksWithRequester(actor: Actor, leadUnitId: string | null): boolean {
  return actor.roles.some(
    (role) => OF_THE_CENTRE.includes(role) || (OF_THE_LEAD.includes(role) && actor.unitId === leadUnitId),
  );
}

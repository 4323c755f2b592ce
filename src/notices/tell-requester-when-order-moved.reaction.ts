import type { NoticeTemplate, OrderCard } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../config/clock.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';
import { NoticePolicy } from './notice-policy.js';

const TEMPLATES: Readonly<Record<string, NoticeTemplate>> = {
  'order.accepted': 'accepted',
  'order.dispatched': 'dispatched',
  'order.extended': 'extended',
  'order.suspended': 'suspended',
  'order.resumed': 'resumed',
};

/** [NT1] 受理, 转办, and whenever they have to wait longer or no longer: who deals with it, and by when. */
@Reacts('tell-requester-when-order-moved')
export class TellRequesterWhenOrderMoved extends Reaction {
  readonly on = ['order.accepted', 'order.dispatched', 'order.extended', 'order.suspended', 'order.resumed'] as const;
  /** [NT3] A city that begins with notices tells of what comes. */
  override readonly from = 'head';

  constructor(
    private readonly clock: Clock,
    private readonly policy: NoticePolicy,
  ) {
    super();
  }

  async commandsFor({ type, at, data, card }: LoggedEvent): Promise<ReactionCommand[]> {
    // [T35] Inside one house nothing has been handed on. [NT3] Nobody is told what is long past.
    if (data.mode === 'down' || this.clock.now() - at > this.policy.keepMs) return [];
    // Of before there were clocks, a card has none.
    const { clocks = [], leadUnitId } = card as Pick<OrderCard, 'leadUnitId'> & Partial<Pick<OrderCard, 'clocks'>>;
    const handling = clocks.find(({ clock }) => clock === 'HANDLING');
    return [
      {
        name: 'queueNotice',
        payload: {
          orderNo: data.orderNo,
          template: TEMPLATES[type],
          unitId: leadUnitId,
          dueAt: handling?.state === 'running' ? handling.dueAt : null,
          until: data.until ?? null,
          reasonCode: data.reasonCode ?? null,
        },
      },
    ];
  }
}

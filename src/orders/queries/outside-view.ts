import type { OrderDetail, OrderNote, OrderSummary, TrailEntry } from '@minqing-hub/client-sdk/protocol';
import type { People } from '../../identity/people.js';
import type { ReadTx } from '../../storage/unit-of-work.js';

/** What happened that the requester may hear of, too. Refusals that were only proposed, disputes, supervision are not. */
const TOLD_OUTSIDE: readonly TrailEntry['type'][] = [
  'order.registered',
  'order.answered',
  'order.refused',
  'order.accepted',
  'order.merged',
  'order.dispatched',
  'order.acknowledged',
  'order.auto_acknowledged',
  'order.contacted',
  'order.due_promised',
  'order.extended',
  'order.suspended',
  'order.resumed',
  'order.progressed',
  'order.citizen_asked',
  'order.citizen_replied',
];

/** Until when it is to be done everybody may ask; how the house keeps its own times not. */
export const outsideSummary = <T extends OrderSummary>(order: T): T => ({
  ...order,
  handlerId: null,
  awaits: null,
  clocks: order.clocks.filter(({ clock }) => clock === 'HANDLING'),
});

/**
 * An order for who only filed it [I6]: what is public of it. Colleagues of other houses appear as their unit,
 * those of the centre as their role.
 */
export class OutsideView {
  private readonly shown = new Map<string, string>();

  constructor(
    private readonly tx: ReadTx,
    private readonly people: People,
    private readonly filerId: string,
  ) {}

  async detail(order: OrderDetail): Promise<OrderDetail> {
    const notes: OrderNote[] = [];
    for (const note of order.notes) if (note.public) notes.push({ ...note, actor: await this.actor(note.actor) });
    const inside = {
      suggestion: null,
      decision: null,
      objection: null,
      escalation: null,
      extension: null,
      suspension: null,
      citedArticle: null,
      standard: null,
      visitedUnitIds: [],
    };
    return { ...outsideSummary(order), ...inside, notes };
  }

  async trail(entries: readonly TrailEntry[]): Promise<TrailEntry[]> {
    const told: TrailEntry[] = [];
    for (const { data, ...entry } of entries) {
      if (!TOLD_OUTSIDE.includes(entry.type) || (entry.type === 'order.progressed' && data.public !== true)) continue;
      const { orderNo, version } = data;
      told.push({ ...entry, actor: await this.actor(entry.actor), data: { orderNo, version } });
    }
    return told;
  }

  private async actor(userId: string): Promise<string> {
    if (userId === this.filerId) return userId;
    let shown = this.shown.get(userId);
    if (shown === undefined) {
      const actor = await this.people.actor(this.tx, userId);
      shown = actor?.unitId ?? actor?.roles[0] ?? 'staff';
      this.shown.set(userId, shown);
    }
    return shown;
  }
}

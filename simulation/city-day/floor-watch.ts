import type { RoomHandle } from '@minqing-hub/client-sdk';
import type { CardChange, HubEvent, ItemState, QueueItemCard, SeatCard } from '@minqing-hub/client-sdk/protocol';

interface Held {
  state: ItemState;
  seatId: string | null;
}

/**
 * Looks on while the floor is at work, as somebody who trusts nothing: an item goes to one seat at a time, and a seat that
 * is gone has nothing. It judges by what consoles are told, in the order of each room.
 */
export class FloorWatch {
  /** What was seen that may not be, one sentence each. */
  readonly heldTwice: string[] = [];
  readonly heldByGone: string[] = [];
  /** Pieces of work that a shift's end brought from one seat to another. */
  handedOver = 0;
  /** Seen happening, by event. */
  readonly seen = new Map<string, number>();
  private readonly items = new Map<string, Held>();

  /** A queue's room, of somebody who may see all of it. A snapshot in between begins anew: what it skipped was not seen. */
  queue(room: RoomHandle): void {
    const begin = (): void => {
      for (const [key, card] of room.cards) {
        if (key.startsWith('item:')) this.items.set(key.slice('item:'.length), card as QueueItemCard);
      }
    };
    begin();
    let epochAndSnapshots = '';
    room.onChange(({ state }) => {
      if (state !== 'live') epochAndSnapshots = state;
      else if (epochAndSnapshots !== '') {
        epochAndSnapshots = '';
        begin();
      }
    });
    room.onEvent((event) => this.hear(event));
  }

  /** A seat's room: after each of its frames, whoever is offline has nothing in it. */
  seat(seatId: string, room: RoomHandle): void {
    room.onChange(() => {
      const seat = room.cards.get(`seat:${seatId}`) as SeatCard | undefined;
      if (seat?.presence !== 'offline') return;
      for (const [key, card] of room.cards) {
        if (key.startsWith('item:') && (card as QueueItemCard).seatId === seatId) {
          this.heldByGone.push(`${key.slice('item:'.length)} was at ${seatId}, which was offline`);
        }
      }
    });
  }

  private hear({ type, data }: HubEvent): void {
    if (!type.startsWith('queue.')) return;
    this.seen.set(type, (this.seen.get(type) ?? 0) + 1);
    const itemId = data.itemId as string;
    const before = this.items.get(itemId);
    const after = stateAfter(before, data.card);
    if (after === undefined) this.items.delete(itemId);
    else this.items.set(itemId, after);
    if (before === undefined || after === undefined || after.seatId === null) return;
    const heldBefore = before.state !== 'queued' && before.seatId !== null;
    if (!heldBefore || before.seatId === after.seatId) return;
    if (data.how === 'handed_over' && data.from === before.seatId) this.handedOver += 1;
    else {
      this.heldTwice.push(`${itemId} went to ${after.seatId} while ${before.seatId} had it`);
    }
  }
}

function stateAfter(before: Held | undefined, change: CardChange | undefined): Held | undefined {
  if (change === undefined) return before;
  if (change.op === 'gone') return undefined;
  if (change.op === 'enter') return change.card as QueueItemCard;
  const { state = 'queued', seatId = null } = before ?? {};
  return { state, seatId, ...(change.fields as Partial<QueueItemCard>) };
}

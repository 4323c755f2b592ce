import type { RoomHandle } from '@minqing-hub/client-sdk';
import type { QueueItemCard, SeatCard } from '@minqing-hub/client-sdk/protocol';
import type { Acting } from './acting.js';
import type { Console } from './consoles.js';

/**
 * A person at a seat: ready, takes what is offered, does it, and is ready for the next. Acts on what its own room shows
 * and on nothing else, so that a cut or a restart of the hub is only a pause.
 */
export class SeatActor {
  private readonly room: RoomHandle;
  private looking: Promise<void> | null = null;
  private again = false;
  private leaving = false;
  /** Items that this seat has dealt with, or cannot deal with. */
  private readonly over = new Set<string>();

  constructor(
    private readonly console: Console,
    private readonly seatId: string,
    private readonly acting: Acting,
    private readonly work: (console: Console, orderNo: string) => Promise<void>,
    private readonly failed: (fault: unknown) => void,
  ) {
    this.room = console.rooms.get(`seat:${seatId}`)!;
    this.room.onChange(() => this.look());
    this.look();
  }

  /** Finishes what it has in hand and goes home. */
  async leave(): Promise<void> {
    this.leaving = true;
    await this.looking;
    await this.console.client.command('setPresence', { presence: 'offline' });
  }

  private look(): void {
    if (this.looking) {
      this.again = true;
      return;
    }
    this.acting.busy += 1;
    this.looking = this.untilNothingIsLeft()
      .catch(this.failed)
      .finally(() => {
        this.looking = null;
        this.acting.busy -= 1;
      });
  }

  private async untilNothingIsLeft(): Promise<void> {
    do {
      this.again = false;
      if (this.leaving || this.room.state !== 'live') return;
      await this.step();
    } while (this.again);
  }

  private async step(): Promise<void> {
    const { client } = this.console;
    const seat = this.room.cards.get(`seat:${this.seatId}`) as SeatCard | undefined;
    if (seat?.presence !== 'ready') {
      const answer = await client.command('setPresence', { presence: 'ready' });
      if (!answer.ok) throw new Error(`the seat ${this.seatId} cannot be ready: ${answer.error.message}`);
      this.acting.activity += 1;
      return;
    }
    for (const item of this.items()) {
      if (item.state === 'offered') {
        const answer = await client.command('claimItem', { itemId: item.itemId });
        this.acting.activity += 1;
        if (!answer.ok) continue;
      }
      this.over.add(item.itemId);
      // Call-backs belong to no order and are nobody's here.
      if (item.orderNo === null) continue;
      await this.acting.think('seat', this.seatId, item.orderNo);
      await this.work(this.console, item.orderNo);
    }
  }

  private items(): QueueItemCard[] {
    return [...this.room.cards]
      .filter(([key]) => key.startsWith('item:'))
      .map(([, card]) => card as QueueItemCard)
      .filter(({ itemId, seatId, state }) => seatId === this.seatId && state !== 'queued' && !this.over.has(itemId));
  }
}

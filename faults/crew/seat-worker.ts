import type { QueueItemCard, RoomName, SeatCard } from '@minqing-hub/client-sdk/protocol';
import type { RecordedClient } from '../consoles/recorded-client.js';
import { type Flow, Habits } from './flow.js';

const ACCEPTED = 0.4;

/** Somebody at a seat: ready, takes what is offered, and does it or gives it back. Acts on what the seat's room shows. */
export class SeatWorker {
  private readonly habits: Habits;

  constructor(
    flow: Flow,
    private readonly client: RecordedClient,
    private readonly seatId: string,
  ) {
    this.habits = new Habits(flow, `seat ${seatId}`);
  }

  get room(): RoomName {
    return `seat:${this.seatId}`;
  }

  async step(): Promise<void> {
    await this.habits.think();
    const room = this.client.watched.get(this.room);
    if (room?.state !== 'live') return;
    const seat = room.cards.get(`seat:${this.seatId}`) as SeatCard | undefined;
    if (seat?.presence !== 'ready') {
      await this.client.command('setPresence', { presence: 'ready' });
      return;
    }
    for (const [key, card] of room.cards) {
      const item = card as QueueItemCard;
      if (!key.startsWith('item:') || item.seatId !== this.seatId) continue;
      if (item.state === 'offered') await this.client.command('claimItem', { itemId: item.itemId });
      else if (item.state === 'claimed') await this.work(item);
    }
  }

  private async work({ itemId, orderNo }: QueueItemCard): Promise<void> {
    await this.habits.think();
    if (orderNo !== null && this.habits.happens(ACCEPTED)) {
      const accepted = await this.client.command('accept', { orderNo, expectedVersion: 1, noPlace: true });
      if (accepted.ok) return;
    }
    await this.client.command('returnItem', { itemId });
  }
}

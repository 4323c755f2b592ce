import { newCommandId } from '@minqing-hub/client-sdk';
import type { QueueItemCard } from '@minqing-hub/client-sdk/protocol';
import type { RawConsole } from '../consoles/raw-console.js';
import type { RecordedClient } from '../consoles/recorded-client.js';
import { type Flow, Habits } from './flow.js';

/** Several seats reach for the same waiting item at the same moment; whoever has it keeps it for a while. [I4] */
export class ClaimRace {
  private readonly habits: Habits;

  constructor(
    flow: Flow,
    private readonly watcher: RecordedClient,
    private readonly seats: readonly RawConsole[],
  ) {
    this.habits = new Habits(flow, 'claim race');
  }

  async step(): Promise<void> {
    await this.habits.think(0.5);
    const room = this.watcher.watched.get('queue:register');
    const items = [...(room?.cards.values() ?? [])] as QueueItemCard[];
    const { itemId } = this.habits.oneOf(items) ?? {};
    if (itemId === undefined) return;
    const commandIds = this.seats.map(() => newCommandId());
    await Promise.all(
      this.seats.map(async (seat, i) => {
        const answer = await seat.command('claimItem', { itemId }, { commandId: commandIds[i]! });
        if (answer && !answer.ok && ['no_seat', 'seat_not_ready'].includes(answer.error.code)) {
          await seat.command('setPresence', { presence: 'ready' }, { commandId: newCommandId() });
        }
        if (!answer?.ok) return;
        await this.habits.think();
        await seat.command('returnItem', { itemId }, { commandId: newCommandId() });
      }),
    );
  }
}

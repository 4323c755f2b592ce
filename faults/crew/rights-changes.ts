import { newCommandId } from '@minqing-hub/client-sdk';
import type { RawConsole } from '../consoles/raw-console.js';
import type { RecordedClient } from '../consoles/recorded-client.js';
import { pause } from '../servers/servers.js';
import { type Flow, Habits } from './flow.js';

/** A change of rights is in force so long after its ack at the latest. */
const IN_FORCE_MS = 1_000;
const ROOMS = ['unit:district', 'supervision:city'];

/**
 * Somebody loses all rights and gets them back, again and again, while their rooms are busy. Somebody else asks, after
 * each ack, how far the rooms have come: what lies beyond may not reach who has lost the right to it. [I6]
 */
export class RightsChanges {
  private readonly habits: Habits;

  constructor(
    private readonly flow: Flow,
    private readonly admin: RecordedClient,
    private readonly subject: RawConsole,
    private readonly measure: RawConsole,
  ) {
    this.habits = new Habits(flow, 'rights');
  }

  async step(): Promise<void> {
    const { subject } = this;
    for (const room of ROOMS) subject.enter(room);
    await this.habits.think(2);
    const lost = await this.admin.command('changeRights', { userId: subject.user, roles: ['assessor'] });
    if (lost.ok) {
      this.askHowFar();
      const orderNo = this.flow.handled.at(-1)?.orderNo;
      if (orderNo !== undefined) {
        await subject.command('urge', { orderNo, text: '请尽快办理' }, { commandId: newCommandId() });
      }
      await this.habits.think(6);
      if (this.habits.happens(0.5)) {
        // By now it is in force everywhere, wherever the log has placed it.
        await pause(IN_FORCE_MS);
        this.askHowFar();
        await this.habits.think(6);
      }
    }
    await this.admin.command('changeRights', { userId: subject.user, roles: ['supervisor'] });
  }

  private askHowFar(): void {
    for (const room of ROOMS) {
      this.measure.leaveRoom(room);
      this.measure.enter(room);
      this.subject.enter(room);
    }
  }
}

import { newCommandId } from '@minqing-hub/client-sdk';
import type { RawConsole } from '../consoles/raw-console.js';
import type { RecordedClient } from '../consoles/recorded-client.js';
import { pause } from '../servers/servers.js';
import { type Flow, Habits } from './flow.js';

/** A change of rights is in force so long after its ack at the latest. */
const IN_FORCE_MS = 1_000;
const ROOMS = ['unit:district', 'supervision:city'];
/** For so long it is waited that something happens in a room which they may not see any more. */
const NEWS_MS = 2_000;

/**
 * Somebody with several consoles loses all rights and gets them back, again and again, while their rooms are busy.
 * Somebody else asks, after each ack, how far the rooms have come: what lies beyond may not reach who has lost the right
 * to it, at whichever node. [I6]
 */
export class RightsChanges {
  private readonly habits: Habits;

  constructor(
    private readonly flow: Flow,
    private readonly admin: RecordedClient,
    private readonly subjects: readonly RawConsole[],
    private readonly measure: RawConsole,
  ) {
    this.habits = new Habits(flow, 'rights');
  }

  async step(): Promise<void> {
    const subject = this.habits.oneOf(this.subjects);
    const userId = subject.user;
    this.enterAll();
    await this.habits.think(2);
    const lost = await this.admin.command('changeRights', { userId, roles: ['assessor'] });
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
        await this.untilNews();
      }
    }
    await this.admin.command('changeRights', { userId, roles: ['supervisor'] });
  }

  private enterAll(): void {
    for (const room of ROOMS) for (const subject of this.subjects) subject.enter(room);
  }

  private askHowFar(): void {
    for (const room of ROOMS) {
      this.measure.leaveRoom(room);
      this.measure.enter(room);
    }
    this.enterAll();
  }

  /** Until each room has come further than it was when it was asked. */
  private async untilNews(): Promise<void> {
    const heads = new Map<string, number>();
    const come = (room: string): boolean => {
      const offset = this.measure.offsetOf(room);
      if (offset === undefined) return false;
      if (!heads.has(room)) heads.set(room, offset);
      return offset > heads.get(room)!;
    };
    const end = performance.now() + NEWS_MS;
    while (!ROOMS.map(come).every(Boolean) && performance.now() < end) await this.habits.think();
    await this.habits.think(2);
  }
}

import { Injectable } from '@nestjs/common';
import type { WhistleRoomEventType } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { mayReadWhistle } from '../domain/access/may-read-whistle.js';
import { whistleReaders } from '../domain/access/whistle-audience.js';
import { ok, refuse, type Result } from '../domain/result.js';
import { mayNotRead, maySpeak } from '../domain/whistle/room.js';
import type { Whistle } from '../domain/whistle/whistle.js';
import { EventLog } from '../event-log/event-log.js';
import { People } from '../identity/people.js';
import { ListBook } from '../lists/list-book.js';
import { RoomMessages } from './room-messages.js';
import { subjectOf, WhistleDesk } from './whistle-desk.js';

/** What is said in a whistle's room. The whistle itself stays at its version. */
@Injectable()
export class WhistleRoom {
  constructor(
    private readonly desk: WhistleDesk,
    private readonly messages: RoomMessages,
    private readonly people: People,
    private readonly lists: ListBook,
    private readonly log: EventLog,
  ) {}

  /** [WR1] [WR2] */
  async say(
    context: CommandContext,
    { whistleNo, text, mentions }: { whistleNo: string; text: string; mentions: readonly string[] },
  ): Promise<Result<{ whistleNo: string; messageNo: number }>> {
    const { tx, actor, now } = context;
    const whistle = await this.desk.load(context, whistleNo);
    const refusal = maySpeak(whistle, actor, await this.lists.units(tx, now));
    if (refusal) return { ok: false, error: refusal };
    const unknown = await this.cannotRead(context, whistle!, mentions);
    if (unknown >= 0) {
      return refuse('user_unknown', '只能提到看得到这个哨单的人', { field: `mentions.${unknown}`, clause: 'WR2' });
    }
    const said = { whistleNo, at: now, actorId: actor.userId, text, mentions };
    const messageNo = await this.messages.add(tx, said);
    await this.messages.keepRead(tx, { whistleNo, userId: actor.userId, upTo: messageNo, at: now });
    await this.tell(context, whistle!, 'whistle.message_posted', { messageNo, mentions });
    return ok({ whistleNo, messageNo });
  }

  /** [WR3] */
  async read(
    context: CommandContext,
    { whistleNo, upTo: asked }: { whistleNo: string; upTo: number },
  ): Promise<Result<{ whistleNo: string; upTo: number }>> {
    const { tx, actor, now } = context;
    const whistle = await this.desk.load(context, whistleNo);
    const refusal = mayNotRead(whistle, actor, await this.lists.units(tx, now));
    if (refusal) return { ok: false, error: refusal };
    const upTo = Math.min(asked, await this.messages.latest(tx, whistleNo));
    const further = upTo > 0 && (await this.messages.keepRead(tx, { whistleNo, userId: actor.userId, upTo, at: now }));
    if (further) await this.tell(context, whistle!, 'whistle.messages_read', { upTo });
    return ok({ whistleNo, upTo });
  }

  /** Which of them is nobody who may read the whistle; -1: all may. */
  private async cannotRead({ tx, now }: CommandContext, whistle: Whistle, userIds: readonly string[]): Promise<number> {
    const users = await this.people.users(tx, userIds);
    const units = await this.lists.units(tx, now);
    return userIds.findIndex((userId) => {
      const user = users.get(userId);
      return !user || !mayReadWhistle(user.actor, whistleReaders(whistle), units);
    });
  }

  private async tell(
    { tx, now, origin }: CommandContext,
    { whistleNo, version }: Whistle,
    type: WhistleRoomEventType,
    facts: object,
  ): Promise<void> {
    const subject = subjectOf(whistleNo);
    const data = { whistleNo, ...facts };
    await this.log.append(tx, origin, [
      { subject, type, at: now, version, data, card: null, rooms: { [subject]: 'full' } },
    ]);
  }
}

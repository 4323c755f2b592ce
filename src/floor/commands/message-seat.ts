import { IsString, Matches, MaxLength } from 'class-validator';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { derivedId } from '../../commands/derived-id.js';
import { Handles } from '../../commands/handles.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { EventLog } from '../../event-log/event-log.js';
import { SeatMessages } from '../seat-messages.js';

export class MessageSeatPayload {
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/, { message: '应为座席编号' })
  seatId!: string;

  @Matches(/\S/u, { message: '不能为空' })
  @MaxLength(500, { message: '不能超过 500 个字' })
  @IsString({ message: '应为文字' })
  text!: string;
}

/** A shift leader says something to who sits at a seat now. The seat's room learns that there is something to read. [FL9] */
@Handles('messageSeat')
export class MessageSeat extends CommandHandler<MessageSeatPayload, { messageId: string }> {
  readonly payload = MessageSeatPayload;
  readonly who = ['shift_leader'] as const;

  constructor(
    private readonly messages: SeatMessages,
    private readonly log: EventLog,
  ) {
    super();
  }

  async handle(
    { seatId, text }: MessageSeatPayload,
    { tx, actor, now, origin }: CommandContext,
  ): Promise<Result<{ messageId: string }>> {
    const seat = await tx.one<{ user_id: string; presence: string }>(
      `SELECT user_id, presence FROM seat WHERE seat_id = ?${tx.forUpdate}`,
      [seatId],
    );
    if (!seat) return refuse('no_seat', '没有这个座席', { field: 'seatId' });
    if (seat.presence === 'offline') {
      return refuse('not_signed_on', '这个座席现在没有人', { field: 'seatId', clause: 'FL9' });
    }
    const messageId = derivedId(origin.commandId, 'message', seatId);
    await this.messages.add(tx, { messageId, seatId, userId: seat.user_id, actorId: actor.userId, at: now, text });
    await this.log.append(tx, origin, [
      {
        subject: `seat:${seatId}`,
        type: 'seat.message_sent',
        at: now,
        version: null,
        data: { seatId, messageId },
        card: null,
        rooms: { [`seat:${seatId}`]: 'full' },
      },
    ]);
    return ok({ messageId });
  }
}

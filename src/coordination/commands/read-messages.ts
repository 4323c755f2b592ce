import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { IsInt, Min } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { READS_WHISTLES } from '../../domain/access/may-read-whistle.js';
import type { Result } from '../../domain/result.js';
import { WhistleRoom } from '../whistle-room.js';
import { OnWhistle } from './on-whistle.js';

export class ReadMessagesPayload extends OnWhistle implements CommandPayload<'readMessages'> {
  @Min(1, { message: '应为消息的序号' })
  @IsInt({ message: '应为消息的序号' })
  upTo!: number;
}

/** [WR3] Somebody has read what is said in a room, so far. */
@Handles('readMessages')
export class ReadMessages extends CommandHandler<ReadMessagesPayload, CommandResult<'readMessages'>> {
  readonly payload = ReadMessagesPayload;
  readonly who = READS_WHISTLES;

  constructor(private readonly room: WhistleRoom) {
    super();
  }

  handle(payload: ReadMessagesPayload, context: CommandContext): Promise<Result<CommandResult<'readMessages'>>> {
    return this.room.read(context, payload);
  }
}

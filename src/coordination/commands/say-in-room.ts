import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { ArrayMaxSize, ArrayUnique, IsArray, Matches } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Maybe, Text } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { READS_WHISTLES } from '../../domain/access/may-read-whistle.js';
import { WhistleRoom } from '../whistle-room.js';
import { OnWhistle } from './on-whistle.js';

export class SayInRoomPayload extends OnWhistle implements CommandPayload<'sayInRoom'> {
  @Text()
  text!: string;

  @Maybe()
  @ArrayUnique({ message: '同一个人只提到一次' })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/, { each: true, message: '应为人员编号' })
  @ArrayMaxSize(20, { message: '不能多于 20 人' })
  @IsArray({ message: '应为列表' })
  mentions?: string[];
}

/** [WR1] [WR2] Somebody who takes part in a whistle says something to the others, and to some of them above all. */
@Handles('sayInRoom')
export class SayInRoom extends CommandHandler<SayInRoomPayload, CommandResult<'sayInRoom'>> {
  readonly payload = SayInRoomPayload;
  readonly who = READS_WHISTLES;

  constructor(private readonly room: WhistleRoom) {
    super();
  }

  handle(
    { mentions = [], ...said }: SayInRoomPayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'sayInRoom'>>> {
    return this.room.say(context, { ...said, mentions });
  }
}

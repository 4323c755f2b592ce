import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Instant, ListOf, Maybe, Text, UnitId, UserId } from '../../commands/payload-fields.js';
import { instantOf } from '../../domain/calendar/instant.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { ChangesWhistle } from './on-whistle.js';

class DutyOfUnit {
  @UnitId()
  unitId!: string;

  @Text()
  duty!: string;

  @Instant()
  dueAt!: string;
}

export class ConvenePayload extends ChangesWhistle implements CommandPayload<'convene'> {
  @Text(20_000)
  minutes!: string;

  @ListOf(DutyOfUnit, 100)
  duties!: DutyOfUnit[];

  @Maybe()
  @UserId()
  leaderId?: string;
}

/** [W6] [W14] The meeting is over: its minutes, and what each unit owes by when. */
@Handles('convene')
export class Convene extends CommandHandler<ConvenePayload, WhistleResult> {
  readonly payload = ConvenePayload;
  readonly who = rolesFor('convene');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  async handle({ duties: asked, ...payload }: ConvenePayload, context: CommandContext): Promise<Result<WhistleResult>> {
    const before = (await this.desk.load(context, payload.whistleNo))?.tasks.length ?? 0;
    const duties = asked.map(({ unitId, duty, dueAt }, n) => ({
      taskId: `T${before + n + 1}`,
      unitId,
      duty,
      dueAt: instantOf(dueAt)!,
    }));
    return this.desk.carryOut(context, { name: 'convene', ...payload, duties }, [
      { type: 'minutes', text: payload.minutes },
      ...duties.map(({ taskId, unitId, duty }) => ({ type: 'duty' as const, text: duty, unitId, taskId })),
    ]);
  }
}

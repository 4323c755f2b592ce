import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { Code, Maybe, Text, YesOrNo } from './fields.js';
import { ChangesOrder } from './on-order.js';

export class AnswerDirectlyPayload extends ChangesOrder implements CommandPayload<'answerDirectly'> {
  @Text()
  answer!: string;

  @Maybe()
  @Code('知识条目编号')
  knowledgeRef?: string;

  @Maybe()
  @YesOrNo()
  solvedOnTheSpot?: boolean;

  @Maybe()
  @Text()
  evidence?: string;
}

/** [T2] Closed at the first contact: by what is known, or because it was solved on the spot. */
@Handles('answerDirectly')
export class AnswerDirectly extends CommandHandler<AnswerDirectlyPayload, OrderResult> {
  readonly payload = AnswerDirectlyPayload;
  readonly who = rolesFor('answerDirectly');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  async handle(payload: AnswerDirectlyPayload, context: CommandContext): Promise<Result<OrderResult>> {
    const { answer, evidence } = payload;
    return this.desk.carryOut(context, { name: 'answerDirectly', ...payload }, [
      { type: 'answer', text: answer, public: true },
      ...(evidence === undefined ? [] : [{ type: 'evidence' as const, text: evidence }]),
    ]);
  }
}

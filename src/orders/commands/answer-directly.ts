import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { ValidateBy } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { isKnowledgeRef } from '../../domain/knowledge/article-ref.js';
import { rolesFor } from '../../domain/order/transitions.js';
import { ok, type Result } from '../../domain/result.js';
import { KnowledgeBook } from '../../knowledge/knowledge-book.js';
import { OrderDesk } from '../order-desk.js';
import { Maybe, Text, YesOrNo } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

/** An article, at a version or not, or a code that the hub does not know [DG6]. */
const KnowledgeRef = () =>
  ValidateBy({
    name: 'isKnowledgeRef',
    validator: {
      validate: isKnowledgeRef,
      defaultMessage: () => '应为知识条目编号：字母、数字和 _ . : -，不能含姓名、电话等个人信息',
    },
  });

export class AnswerDirectlyPayload extends ChangesOrder implements CommandPayload<'answerDirectly'> {
  @Text()
  answer!: string;

  @Maybe()
  @KnowledgeRef()
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
export class AnswerDirectly extends CommandHandler<AnswerDirectlyPayload, CommandResult<'answerDirectly'>> {
  readonly payload = AnswerDirectlyPayload;
  readonly who = rolesFor('answerDirectly');

  constructor(
    private readonly desk: OrderDesk,
    private readonly knowledge: KnowledgeBook,
  ) {
    super();
  }

  async handle(
    payload: AnswerDirectlyPayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'answerDirectly'>>> {
    const { answer, evidence } = payload;
    const article = await this.cited(payload, context);
    const answered = await this.desk.carryOut(
      context,
      { name: 'answerDirectly', ...payload, ...(article && { article }) },
      [
        { type: 'answer', text: answer, public: true },
        ...(evidence === undefined ? [] : [{ type: 'evidence' as const, text: evidence }]),
      ],
    );
    // [KB5] The citizen has the answer already: whoever gave it looks the matter up and calls again.
    return answered.ok && article?.expired ? ok({ ...answered.value, warning: 'article_expired' }) : answered;
  }

  private async cited({ knowledgeRef }: AnswerDirectlyPayload, { tx, now }: CommandContext) {
    return knowledgeRef === undefined ? null : this.knowledge.cited(tx, now, knowledgeRef);
  }
}

import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { IsInt, IsString, Length, Matches, MaxLength, Min } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ARTICLE_KEEPERS, mayKeepArticlesOf } from '../../domain/knowledge/article-rights.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { EventLog } from '../../event-log/event-log.js';
import { ListBook } from '../../lists/list-book.js';
import { ArticleStore } from '../article-store.js';

export class RetireArticlePayload implements CommandPayload<'retireArticle'> {
  @IsString()
  @Length(1, 64, { message: '应为知识条目编号' })
  articleId!: string;

  @Min(1, { message: '应为知识条目的版本号' })
  @IsInt({ message: '应为知识条目的版本号' })
  expectedVersion!: number;

  @Matches(/\S/u, { message: '不能为空' })
  @MaxLength(500)
  @IsString()
  reason!: string;
}

/** [KB2] Out of use, for good: no longer found, and still to be read by who cited it. */
@Handles('retireArticle')
export class RetireArticle extends CommandHandler<RetireArticlePayload, CommandResult<'retireArticle'>> {
  readonly payload = RetireArticlePayload;
  readonly who = ARTICLE_KEEPERS;

  constructor(
    private readonly store: ArticleStore,
    private readonly lists: ListBook,
    private readonly eventLog: EventLog,
  ) {
    super();
  }

  async handle(
    { articleId, expectedVersion, reason }: RetireArticlePayload,
    { tx, actor, now, origin }: CommandContext,
  ): Promise<Result<CommandResult<'retireArticle'>>> {
    const article = await this.store.lock(tx, articleId);
    if (!article) return refuse('article_not_found', '没有这个知识条目', { field: 'articleId' });
    const { version } = article;
    const { ownerUnitId, catalogCodes, expiresAt } = (await this.store.version(tx, articleId, version))!;
    if (!mayKeepArticlesOf(ownerUnitId, actor, await this.lists.units(tx, now))) {
      return refuse('not_own_unit', '只能停用本单位或下属单位的知识条目', { field: 'articleId', clause: 'KB2' });
    }
    if (version !== expectedVersion) {
      return refuse('version_conflict', '知识条目在此期间已有新版本，请查看后再停用', { field: 'expectedVersion' });
    }
    if (article.retired) {
      return refuse('transition_not_allowed', '知识条目已经停用', { field: 'articleId', clause: 'KB2' });
    }
    await this.store.retire(tx, article, { at: now, by: origin.actorId, reason });
    await this.eventLog.append(tx, origin, [
      {
        subject: `article:${articleId}`,
        type: 'article.retired',
        at: now,
        version,
        data: { articleId, ownerUnitId, catalogCodes, expiresAt },
        card: null,
        rooms: { knowledge: 'full' },
      },
    ]);
    return ok({ articleId });
  }
}

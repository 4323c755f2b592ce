import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, Length, Matches, MaxLength, Min } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { derivedId } from '../../commands/derived-id.js';
import { Handles } from '../../commands/handles.js';
import { instantOf } from '../../domain/calendar/instant.js';
import type { ArticleVersion } from '../../domain/knowledge/article.js';
import { articleIdFrom } from '../../domain/knowledge/article-ref.js';
import { ARTICLE_KEEPERS, mayKeepArticlesOf } from '../../domain/knowledge/article-rights.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { EventLog } from '../../event-log/event-log.js';
import { ListBook } from '../../lists/list-book.js';
import { ArticleStore, type StoredArticle } from '../article-store.js';

/** As long as a call may be with all else in it, in bytes of UTF-8. */
const MOST_CHARACTERS = 15_000;
const MOST_CODES = 20;

const absent = Transform(({ value }: { value: unknown }) => value ?? undefined);

export class PublishArticlePayload implements CommandPayload<'publishArticle'> {
  @IsOptional()
  @absent
  @IsString()
  @Length(1, 64, { message: '应为知识条目编号' })
  articleId?: string;

  @IsOptional()
  @absent
  @Min(1, { message: '应为知识条目的版本号' })
  @IsInt({ message: '应为知识条目的版本号' })
  expectedVersion?: number;

  @Matches(/\S/u, { message: '不能为空' })
  @MaxLength(100)
  @IsString()
  title!: string;

  @Matches(/\S/u, { message: '不能为空' })
  @MaxLength(MOST_CHARACTERS)
  @IsString()
  text!: string;

  @Matches(/\S/u, { message: '不能为空' })
  @MaxLength(500)
  @IsString()
  source!: string;

  @IsString()
  @Length(1, 64, { message: '应为单位编号' })
  ownerUnitId!: string;

  @IsOptional()
  @absent
  @IsString({ each: true, message: '应为目录编码' })
  @MaxLength(64, { each: true, message: '应为目录编码' })
  @ArrayMaxSize(MOST_CODES, { message: `不能多于 ${MOST_CODES} 项` })
  @IsArray({ message: '应为列表' })
  catalogCodes?: string[];

  @IsOptional()
  @absent
  @IsString()
  @MaxLength(40, { message: '时间应写作带时区的 ISO 8601' })
  expiresAt?: string;
}

/** [KB1] A new article, or the next version of one. What it says lies in its row; the log says that it is there. */
@Handles('publishArticle')
export class PublishArticle extends CommandHandler<PublishArticlePayload, CommandResult<'publishArticle'>> {
  readonly payload = PublishArticlePayload;
  readonly who = ARTICLE_KEEPERS;

  constructor(
    private readonly store: ArticleStore,
    private readonly lists: ListBook,
    private readonly eventLog: EventLog,
  ) {
    super();
  }

  async handle(
    payload: PublishArticlePayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'publishArticle'>>> {
    const { tx, now, origin } = context;
    const owner = await this.owner(payload, context);
    if (!owner.ok) return owner;
    const before = await this.before(payload, context);
    if (!before.ok) return before;
    const expiresAt = expiryOf(payload, now);
    if (!expiresAt.ok) return expiresAt;
    const catalogCodes = await this.codes(payload, context);
    if (!catalogCodes.ok) return catalogCodes;

    const { articleId, version } = before.value ?? {
      articleId: articleIdFrom(derivedId('article', origin.actorId, origin.commandId)),
      version: 0,
    };
    const article: ArticleVersion = {
      articleId,
      version: version + 1,
      title: payload.title.trim(),
      text: payload.text,
      source: payload.source.trim(),
      ownerUnitId: payload.ownerUnitId,
      catalogCodes: catalogCodes.value,
      expiresAt: expiresAt.value,
      publishedAt: now,
      publishedBy: origin.actorId,
    };
    await this.store.publish(tx, article);
    await this.tell(article, context);
    return ok({ articleId, version: article.version });
  }

  /** [KB2] Right comes before existence [I6]: of other units' articles nobody learns here whether the unit is open. */
  private async owner({ ownerUnitId }: PublishArticlePayload, { tx, actor, now }: CommandContext) {
    const units = await this.lists.units(tx, now);
    if (!mayKeepArticlesOf(ownerUnitId, actor, units)) {
      return refuse('not_own_unit', '只能发布本单位或下属单位的知识条目', { field: 'ownerUnitId', clause: 'KB2' });
    }
    const unit = units.get(ownerUnitId);
    if (!unit) return refuse('unit_unknown', '没有这个单位', { field: 'ownerUnitId', clause: 'KB1' });
    if (!unit.active) return refuse('unit_closed', '这个单位已撤销', { field: 'ownerUnitId', clause: 'KB1' });
    return ok(null);
  }

  /** The article that this is the next version of; `null`: it is a new one. */
  private async before(
    { articleId, expectedVersion }: PublishArticlePayload,
    { tx, actor, now }: CommandContext,
  ): Promise<Result<StoredArticle | null>> {
    if (articleId === undefined) {
      if (expectedVersion === undefined) return ok(null);
      return refuse('payload_invalid', '新条目没有版本号；更新条目须同时填写条目编号', { field: 'expectedVersion' });
    }
    if (expectedVersion === undefined) {
      return refuse('payload_invalid', '更新条目须填写所看到的版本号', { field: 'expectedVersion', clause: 'KB2' });
    }
    const article = await this.store.lock(tx, articleId);
    if (!article) return refuse('article_not_found', '没有这个知识条目', { field: 'articleId' });
    const newest = (await this.store.version(tx, articleId, article.version))!;
    if (!mayKeepArticlesOf(newest.ownerUnitId, actor, await this.lists.units(tx, now))) {
      return refuse('not_own_unit', '只能更新本单位或下属单位的知识条目', { field: 'articleId', clause: 'KB2' });
    }
    if (article.version !== expectedVersion) {
      return refuse('version_conflict', '知识条目在此期间已有新版本，请查看后再发布', { field: 'expectedVersion' });
    }
    if (article.retired) {
      return refuse('transition_not_allowed', '知识条目已停用，不能再发布新版本；请另建条目', {
        field: 'articleId',
        clause: 'KB2',
      });
    }
    return ok(article);
  }

  /** [LI1] Codes of the catalogue in force, each once. */
  private async codes({ catalogCodes = [] }: PublishArticlePayload, { tx, now }: CommandContext) {
    const codes = [...new Set(catalogCodes)];
    for (const code of codes) {
      if ((await this.lists.catalogueItem(tx, now, code))?.active) continue;
      return refuse('catalogue_code_unknown', '目录清单中没有这个事项', { field: 'catalogCodes', clause: 'LI1' });
    }
    return ok(codes);
  }

  private async tell(article: ArticleVersion, { tx, origin }: CommandContext): Promise<void> {
    const { articleId, version, ownerUnitId, catalogCodes, expiresAt, publishedAt: at } = article;
    await this.eventLog.append(tx, origin, [
      {
        subject: `article:${articleId}`,
        type: 'article.published',
        at,
        version,
        data: { articleId, ownerUnitId, catalogCodes, expiresAt },
        card: null,
        rooms: { knowledge: 'full' },
      },
    ]);
  }
}

/** ms UTC; `null`: never. What has expired already is not published: it could only be shown with a warning [KB1]. */
function expiryOf({ expiresAt }: PublishArticlePayload, now: number): Result<number | null> {
  if (expiresAt === undefined) return ok(null);
  const at = instantOf(expiresAt);
  if (at === undefined) {
    return refuse('payload_invalid', '时间应写作带时区的 ISO 8601，如 2026-11-21T08:00:00+08:00', {
      field: 'expiresAt',
    });
  }
  if (at <= now) return refuse('payload_invalid', '到期时间应晚于现在', { field: 'expiresAt', clause: 'KB1' });
  return ok(at);
}

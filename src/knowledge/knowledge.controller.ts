import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Actor, Article, ArticlePage } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import { mayReadArticles } from '../domain/knowledge/article-rights.js';
import { AuthGuard, CurrentActor } from '../identity/http-auth.js';
import { articleQueryOf } from './article-query.js';
import { KnowledgeReading } from './knowledge-reading.js';

/** What the city knows, for those who answer for it [KB4]. */
@ApiTags('knowledge')
@ApiBearerAuth()
@UseGuards(AuthGuard)
@Controller('api/knowledge')
export class KnowledgeController {
  constructor(private readonly reading: KnowledgeReading) {}

  @Get()
  @ApiOperation({ summary: '检索知识条目，最相关的在前；不填检索词则新的在前' })
  @ApiQuery({ name: 'q', required: false, description: '检索词' })
  @ApiQuery({ name: 'catalogCode', required: false, description: '事项：含其上级和下级事项的条目' })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiQuery({ name: 'limit', required: false, description: '1到50，默认20' })
  @ApiResponse({ status: 200, description: '{items, next}；已过期的条目 expired 为 true' })
  list(@CurrentActor() actor: Actor, @Query() query: Record<string, unknown>): Promise<ArticlePage> {
    mayRead(actor);
    const asked = articleQueryOf(query);
    if (!asked.ok) throw new HubException(asked.error.code, asked.error.message, asked.error);
    return this.reading.page(asked.value);
  }

  @Get(':articleId')
  @ApiOperation({ summary: '一篇知识条目；已停用的、旧的版本也可查看' })
  @ApiQuery({ name: 'version', required: false, description: '版本号，默认最新' })
  @ApiResponse({ status: 404, description: 'article_not_found：没有这个条目，或没有这个版本' })
  async article(
    @CurrentActor() actor: Actor,
    @Param('articleId') articleId: string,
    @Query('version') version?: unknown,
  ): Promise<Article> {
    mayRead(actor);
    if (version !== undefined && !(typeof version === 'string' && /^[1-9]\d{0,5}$/.test(version))) {
      throw new HubException('payload_invalid', '应为版本号', { field: 'version' });
    }
    const found = await this.reading.article(articleId, version === undefined ? undefined : Number(version));
    if (!found) throw new HubException('article_not_found', '没有这个知识条目，或没有这个版本', { field: 'articleId' });
    return found;
  }
}

function mayRead(actor: Actor): void {
  if (!mayReadArticles(actor)) throw new HubException('forbidden', '您没有查看知识库的权限');
}

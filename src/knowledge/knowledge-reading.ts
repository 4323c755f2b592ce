import { Injectable } from '@nestjs/common';
import type { Article, ArticlePage, ArticleSummary } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import { Clock } from '../config/clock.js';
import { type ArticleVersion, isExpired } from '../domain/knowledge/article.js';
import { excerpt } from '../domain/knowledge/excerpt.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { before, type Hit } from './article-index.js';
import { type ArticleQuery, cursorOf } from './article-query.js';
import { ArticleStore } from './article-store.js';
import { LiveIndex } from './live-index.js';
import { Matters } from './matters.js';

/** Articles to be read: found in the index, shown from the rows. */
@Injectable()
export class KnowledgeReading {
  constructor(
    private readonly index: LiveIndex,
    private readonly matters: Matters,
    private readonly store: ArticleStore,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  /** Best first, or without a question newest first [KB3]. Retired ones are not found. */
  async page(query: ArticleQuery): Promise<ArticlePage> {
    const now = this.clock.now();
    const hits = (await this.hits(query, now)).filter((hit) => !query.after || before(query.after, hit));
    const shown = hits.slice(0, query.limit);
    const articles = await this.readModel.run((tx) =>
      this.store.inUse(
        tx,
        shown.map(({ articleId }) => articleId),
      ),
    );
    const byId = new Map(articles.map((article) => [article.articleId, article]));
    return {
      // What was retired since the index heard of it is left out.
      items: shown.flatMap(({ articleId }) => {
        const article = byId.get(articleId);
        return article ? [summaryOf(article, query.question, now)] : [];
      }),
      next: hits.length > shown.length ? cursorOf(shown.at(-1)!) : null,
    };
  }

  /** Without `version` the newest; `undefined`: there is no such article or version. Retired ones can still be read [KB1]. */
  article(articleId: string, version: number | undefined): Promise<Article | undefined> {
    const now = this.clock.now();
    return this.readModel.run(async (tx) => {
      const stored = await this.store.find(tx, articleId);
      if (!stored) return undefined;
      const article = await this.store.version(tx, articleId, version ?? stored.version);
      if (!article) return undefined;
      const { text } = article;
      return { ...shownOf(article, now), text, retired: stored.retired, newestVersion: stored.version };
    });
  }

  private async hits({ question, catalogCode }: ArticleQuery, now: number): Promise<Hit[]> {
    const index = await this.index.ready();
    if (!index) throw new HubException('unavailable', '知识库尚在准备，请稍后再试');
    const about =
      catalogCode === undefined
        ? () => true
        : await this.readModel.run((tx) => this.matters.about(tx, now, catalogCode));
    const fits = ({ catalogCodes }: Pick<ArticleVersion, 'catalogCodes'>) => about(catalogCodes);
    return question === '' ? index.newest(fits) : index.search(question, now, fits);
  }
}

const summaryOf = (article: ArticleVersion, question: string, now: number): ArticleSummary => ({
  ...shownOf(article, now),
  excerpt: excerpt(article.text, question),
});

function shownOf(article: ArticleVersion, now: number): Omit<ArticleSummary, 'excerpt'> {
  const { articleId, version, title, ownerUnitId, source, catalogCodes, publishedAt, expiresAt } = article;
  const expired = isExpired(article, now);
  return { articleId, version, title, ownerUnitId, source, catalogCodes, publishedAt, expiresAt, expired };
}

import { Injectable } from '@nestjs/common';
import type { CitedArticle } from '@minqing-hub/client-sdk/protocol';
import { isExpired } from '../domain/knowledge/article.js';
import { articleRefOf } from '../domain/knowledge/article-ref.js';
import type { ReadTx } from '../storage/unit-of-work.js';
import { ArticleStore } from './article-store.js';

/** Articles, as other features may ask for them inside their own transaction. */
@Injectable()
export class KnowledgeBook {
  constructor(private readonly store: ArticleStore) {}

  /** The article that a reference names, at the version named or else the newest [KB5]; `null`: it names none. */
  async cited(tx: ReadTx, now: number, reference: string): Promise<CitedArticle | null> {
    const asked = articleRefOf(reference);
    const stored = asked && (await this.store.find(tx, asked.articleId));
    if (!stored) return null;
    const version = await this.store.version(tx, stored.articleId, asked.version ?? stored.version);
    return (
      (version && {
        articleId: version.articleId,
        version: version.version,
        expired: stored.retired || isExpired(version, now),
      }) ??
      null
    );
  }
}

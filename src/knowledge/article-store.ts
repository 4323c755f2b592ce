import { Injectable } from '@nestjs/common';
import type { ArticleVersion } from '../domain/knowledge/article.js';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';

/** How an article stands now. */
export interface StoredArticle {
  articleId: string;
  /** The newest one's. */
  version: number;
  retired: boolean;
}

interface ArticleRow {
  article_id: string;
  version: number;
  retired_at: number | null;
}

interface VersionRow {
  article_id: string;
  version: number;
  title: string;
  body: string;
  source: string;
  owner_unit_id: string;
  catalog_codes: string;
  expires_at: number | null;
  published_at: number;
  published_by: string;
}

const NEWEST = 'article a JOIN article_version v ON v.article_id = a.article_id AND v.version = a.version';

/** Rows of `article` and `article_version`. A version, once written, never changes and never goes. */
@Injectable()
export class ArticleStore {
  async find(tx: ReadTx, articleId: string): Promise<StoredArticle | undefined> {
    return articleOf(await tx.one<ArticleRow>('SELECT * FROM article WHERE article_id = ?', [articleId]));
  }

  /** As `find`; until commit nobody else changes it. */
  async lock(tx: Tx, articleId: string): Promise<StoredArticle | undefined> {
    return articleOf(
      await tx.one<ArticleRow>(`SELECT * FROM article WHERE article_id = ?${tx.forUpdate}`, [articleId]),
    );
  }

  async version(tx: ReadTx, articleId: string, version: number): Promise<ArticleVersion | undefined> {
    const row = await tx.one<VersionRow>('SELECT * FROM article_version WHERE article_id = ? AND version = ?', [
      articleId,
      version,
    ]);
    return row && versionOf(row);
  }

  /** The newest versions of those of these articles that are not retired, in no order. */
  async inUse(tx: ReadTx, articleIds: readonly string[]): Promise<ArticleVersion[]> {
    if (articleIds.length === 0) return [];
    const rows = await tx.all<VersionRow>(
      `SELECT v.* FROM ${NEWEST} WHERE a.retired_at IS NULL AND a.article_id IN (${articleIds.map(() => '?').join(', ')})`,
      [...articleIds],
    );
    return rows.map(versionOf);
  }

  /** As `inUse`, of all articles: those after `afterId`, at most `limit`. */
  async inUseAfter(tx: ReadTx, afterId: string, limit: number): Promise<ArticleVersion[]> {
    const rows = await tx.all<VersionRow>(
      `SELECT v.* FROM ${NEWEST} WHERE a.retired_at IS NULL AND a.article_id > ? ORDER BY a.article_id LIMIT ?`,
      [afterId, limit],
    );
    return rows.map(versionOf);
  }

  /** The first version of a new article, or the one after `article.version - 1`. */
  async publish(tx: Tx, article: ArticleVersion): Promise<void> {
    const { articleId, version } = article;
    if (version === 1) {
      await tx.insert('article', { article_id: articleId, version, ...NOT_RETIRED });
    } else {
      const changed = await tx.run(
        'UPDATE article SET version = ? WHERE article_id = ? AND version = ? AND retired_at IS NULL',
        [version, articleId, version - 1],
      );
      if (changed !== 1) throw new Error(`article ${articleId} was not in use at version ${version - 1} any more`);
    }
    await tx.insert('article_version', {
      article_id: articleId,
      version,
      title: article.title,
      body: article.text,
      source: article.source,
      owner_unit_id: article.ownerUnitId,
      catalog_codes: JSON.stringify(article.catalogCodes),
      expires_at: article.expiresAt,
      published_at: article.publishedAt,
      published_by: article.publishedBy,
    });
  }

  async retire(
    tx: Tx,
    { articleId, version }: StoredArticle,
    { at, by, reason }: { at: number; by: string; reason: string },
  ): Promise<void> {
    const changed = await tx.run(
      `UPDATE article SET retired_at = ?, retired_by = ?, retired_reason = ?
       WHERE article_id = ? AND version = ? AND retired_at IS NULL`,
      [at, by, reason, articleId, version],
    );
    if (changed !== 1) throw new Error(`article ${articleId} was not in use at version ${version} any more`);
  }
}

const NOT_RETIRED = { retired_at: null, retired_by: null, retired_reason: null };

const articleOf = (row: ArticleRow | undefined): StoredArticle | undefined =>
  row && { articleId: row.article_id, version: row.version, retired: row.retired_at !== null };

function versionOf(row: VersionRow): ArticleVersion {
  return {
    articleId: row.article_id,
    version: row.version,
    title: row.title,
    text: row.body,
    source: row.source,
    ownerUnitId: row.owner_unit_id,
    catalogCodes: JSON.parse(row.catalog_codes) as string[],
    expiresAt: row.expires_at,
    publishedAt: row.published_at,
    publishedBy: row.published_by,
  };
}

import { type ArticleVersion, isExpired } from '../domain/knowledge/article.js';
import { WordIndex } from '../domain/knowledge/word-index.js';

/** What is kept of an article beside its words. */
export type IndexedArticle = Pick<
  ArticleVersion,
  'articleId' | 'version' | 'catalogCodes' | 'expiresAt' | 'publishedAt'
>;

/** An article that fits, and how well: the higher the rank, the earlier it is shown. */
export interface Hit {
  articleId: string;
  rank: number;
}

/** What has expired is found, after what holds and fits as well. */
const EXPIRED_WEIGHS = 0.5;

type Fits = (article: IndexedArticle) => boolean;

/** Articles in memory, to be searched. Knows nothing of rows and events; what it holds depends only on what was put last. */
export class ArticleIndex {
  private readonly articles = new Map<string, IndexedArticle>();
  private readonly words = new WordIndex();

  get size(): number {
    return this.articles.size;
  }

  /** What is held, by id. */
  get held(): IndexedArticle[] {
    return [...this.articles.values()].sort((a, b) => (a.articleId < b.articleId ? -1 : 1));
  }

  /** In place of the version of it that was held. */
  put({ articleId, version, title, text, source, catalogCodes, expiresAt, publishedAt }: ArticleVersion): void {
    if (this.articles.get(articleId)?.version === version) return;
    this.words.put(articleId, title, `${text}\n${source}`);
    this.articles.set(articleId, { articleId, version, catalogCodes, expiresAt, publishedAt });
  }

  drop(articleId: string): void {
    this.words.drop(articleId);
    this.articles.delete(articleId);
  }

  /** All that fit, newest first. */
  newest(fits: Fits): Hit[] {
    const found = [...this.articles.values()].filter(fits);
    return sorted(found.map(({ articleId, publishedAt }) => ({ articleId, rank: publishedAt })));
  }

  /** All that fit the question, best first [KB3]. */
  search(question: string, now: number, fits: Fits): Hit[] {
    const found = this.words.search(question, (articleId) => {
      const article = this.articles.get(articleId)!;
      if (!fits(article)) return 0;
      return isExpired(article, now) ? EXPIRED_WEIGHS : 1;
    });
    return sorted(found.map(({ id, score }) => ({ articleId: id, rank: score })));
  }
}

/** Of equals the one with the lower id first, so that pages never overlap. */
export const before = (a: Hit, b: Hit): boolean => a.rank > b.rank || (a.rank === b.rank && a.articleId < b.articleId);

const sorted = (hits: Hit[]): Hit[] => hits.sort((a, b) => (before(a, b) ? -1 : 1));

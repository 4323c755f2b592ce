import MiniSearch, { type SearchResult } from 'minisearch';
import { type ArticleVersion, isExpired } from '../domain/knowledge/article.js';
import { indexTerms, meansBeginnings, queryTerms } from '../domain/knowledge/search-terms.js';

/** What is kept of an article without its words. */
export type IndexedArticle = Pick<
  ArticleVersion,
  'articleId' | 'version' | 'catalogCodes' | 'expiresAt' | 'publishedAt'
>;

/** An article that fits, and how well: the higher the rank, the earlier it is shown. */
export interface Hit {
  articleId: string;
  rank: number;
}

/** This much of what was asked for must be there, or an article is about something else. */
const ENOUGH = 0.4;
/** What has expired is found, after what holds and fits as well. */
const EXPIRED_WEIGHS = 0.5;
/** So that the same articles have the same rank in whatever order they came into the index. */
const RANK_DIGITS = 6;

type Fits = (article: IndexedArticle) => boolean;

/** Articles in memory, to be searched. Knows nothing of rows and events; what it holds depends only on what was put last. */
export class ArticleIndex {
  private readonly articles = new Map<string, ArticleVersion>();
  private readonly words = new MiniSearch<ArticleVersion>({
    idField: 'articleId',
    fields: ['title', 'text', 'source'],
    tokenize: indexTerms,
    processTerm: (term) => term,
  });

  get size(): number {
    return this.articles.size;
  }

  /** What is held, by id. */
  get held(): IndexedArticle[] {
    return [...this.articles.values()]
      .map(({ articleId, version, catalogCodes, expiresAt, publishedAt }) => ({
        articleId,
        version,
        catalogCodes,
        expiresAt,
        publishedAt,
      }))
      .sort((a, b) => compare(a.articleId, b.articleId));
  }

  /** In place of the version of it that was held. */
  put(article: ArticleVersion): void {
    const before = this.articles.get(article.articleId);
    if (before?.version === article.version) return;
    this.drop(article.articleId);
    this.words.add(article);
    this.articles.set(article.articleId, article);
  }

  drop(articleId: string): void {
    const before = this.articles.get(articleId);
    if (!before) return;
    // With the words it came in with: that takes out exactly what was put in, now, and leaves no trace in the ranks.
    this.words.remove(before);
    this.articles.delete(articleId);
  }

  /** All that fit, newest first. */
  newest(fits: Fits): Hit[] {
    const found = [...this.articles.values()].filter(fits);
    return sorted(found.map(({ articleId, publishedAt }) => ({ articleId, rank: publishedAt })));
  }

  /** All that fit the question, best first [KB3]. */
  search(question: string, now: number, fits: Fits): Hit[] {
    const asked = queryTerms(question);
    const least = Math.ceil(asked.length * ENOUGH);
    const results = this.words.search(question, {
      tokenize: () => asked,
      boost: { title: 3 },
      prefix: meansBeginnings,
      combineWith: 'OR',
      boostDocument: (articleId) => (isExpired(this.article(articleId), now) ? EXPIRED_WEIGHS : 1),
      filter: (result) => new Set(result.queryTerms).size >= least && fits(this.article(result.id)),
    });
    return sorted(results.map(({ id, score }: SearchResult) => ({ articleId: id as string, rank: rounded(score) })));
  }

  private article(id: unknown): ArticleVersion {
    return this.articles.get(id as string)!;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Of equals the one with the lower id first, so that pages never overlap. */
export const before = (a: Hit, b: Hit): boolean => a.rank > b.rank || (a.rank === b.rank && a.articleId < b.articleId);

const sorted = (hits: Hit[]): Hit[] => hits.sort((a, b) => (before(a, b) ? -1 : 1));

const rounded = (score: number): number => Number(score.toFixed(RANK_DIGITS));

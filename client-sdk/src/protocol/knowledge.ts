/** `GET /api/knowledge?q=&cursor=&limit=`, best first. */
export interface ArticleSummary {
  articleId: string;
  version: number;
  title: string;
  /** The passage that fits the question. */
  excerpt: string;
  ownerUnitId: string;
  source: string;
  catalogCodes: string[];
  publishedAt: number;
  expiresAt: number | null;
  expired: boolean;
}
export interface ArticlePage {
  items: ArticleSummary[];
  next: string | null;
}
/** The article that an order was answered by, as it stood then. `expired`: out of date, or retired. */
export interface CitedArticle {
  articleId: string;
  version: number;
  expired: boolean;
}
/** `GET /api/knowledge/{articleId}?version=` */
export interface Article extends Omit<ArticleSummary, 'excerpt'> {
  text: string;
  retired: boolean;
  /** The newest one's; differs from `version` when an older one was asked for. */
  newestVersion: number;
}

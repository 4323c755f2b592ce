/** One version of an article, as it was published. Times are ms UTC. */
export interface ArticleVersion {
  articleId: string;
  version: number;
  title: string;
  text: string;
  source: string;
  ownerUnitId: string;
  catalogCodes: string[];
  /** `null`: it does not expire. */
  expiresAt: number | null;
  publishedAt: number;
  publishedBy: string;
}

/** [KB1] From its time on, as the hub's clock has it. */
export const isExpired = ({ expiresAt }: Pick<ArticleVersion, 'expiresAt'>, now: number): boolean =>
  expiresAt !== null && expiresAt <= now;

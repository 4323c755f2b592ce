import { ok, refuse, type Result } from '../domain/result.js';
import type { Hit } from './article-index.js';

export interface ArticleQuery {
  /** Empty: everything, newest first. */
  question: string;
  catalogCode: string | undefined;
  /** Pages go on behind this one. */
  after: Hit | undefined;
  limit: number;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 50;
const MAX_LENGTH = 200;
const KNOWN = ['q', 'catalogCode', 'cursor', 'limit'];

/** The query of `GET /api/knowledge`. A parameter that is not known is an error: it would be a filter that does not filter. */
export function articleQueryOf(asked: Record<string, unknown>): Result<ArticleQuery> {
  for (const [field, value] of Object.entries(asked)) {
    if (!KNOWN.includes(field)) return invalid(field, '没有这个查询条件');
    if (typeof value !== 'string' || value.length > MAX_LENGTH) return invalid(field, '应为一个取值，且不能过长');
  }
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== '')) as Record<string, string>;
  const after = given.cursor === undefined ? undefined : hitOf(given.cursor);
  if (given.cursor !== undefined && after === undefined) return invalid('cursor', '分页标记无效，请从第一页重新查询');
  const limit = given.limit === undefined ? DEFAULT_LIMIT : /^\d+$/.test(given.limit) ? Number(given.limit) : NaN;
  if (!(limit >= 1 && limit <= MAX_LIMIT)) return invalid('limit', `应为1到 ${MAX_LIMIT} 的整数`);
  return ok({ question: (given.q ?? '').trim(), catalogCode: given.catalogCode, after, limit });
}

export const cursorOf = ({ rank, articleId }: Hit): string => Buffer.from(`${rank} ${articleId}`).toString('base64url');

/** `undefined`: not a cursor that the hub gave out. */
function hitOf(cursor: string): Hit | undefined {
  const [, rank, articleId] =
    /^(\d+(?:\.\d+)?(?:e-\d+)?) ([a-z-]+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return articleId === undefined ? undefined : { rank: Number(rank), articleId };
}

const invalid = (field: string, message: string) => refuse('payload_invalid', message, { field });

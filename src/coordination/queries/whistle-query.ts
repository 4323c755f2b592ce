import type { WhistleStage } from '@minqing-hub/client-sdk/protocol';
import { ok, refuse, type Result } from '../../domain/result.js';
import { STAGE_NAMES } from '../../domain/whistle/stage-names.js';

export interface WhistleQuery {
  /** None: all of them. */
  stages: WhistleStage[];
  /** Only those with lower numbers. */
  before: string | null;
  limit: number;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const KNOWN = ['stage', 'cursor', 'limit'];

/** The query of `GET /api/whistles`; `stage` may name several, with commas. A parameter that is not known is an error. */
export function whistleQueryOf(asked: Record<string, unknown>): Result<WhistleQuery> {
  for (const [field, value] of Object.entries(asked)) {
    if (!KNOWN.includes(field)) return invalid(field, '没有这个查询条件');
    if (typeof value !== 'string' || value.length > 200) return invalid(field, '应为一个取值');
  }
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== '')) as Record<string, string>;
  const stages = given.stage?.split(',') ?? [];
  if (!stages.every((stage) => Object.hasOwn(STAGE_NAMES, stage))) return invalid('stage', '没有这种哨单状态');
  if (given.cursor !== undefined && !/^WS\d{8}-\d{6,12}$/.test(given.cursor)) {
    return invalid('cursor', '分页标记无效，请从第一页重新查询');
  }
  const limit = given.limit === undefined ? DEFAULT_LIMIT : /^\d+$/.test(given.limit) ? Number(given.limit) : NaN;
  if (!(limit >= 1 && limit <= MAX_LIMIT)) return invalid('limit', `应为1到 ${MAX_LIMIT} 的整数`);
  return ok({ stages: stages as WhistleStage[], before: given.cursor ?? null, limit });
}

const invalid = (field: string, message: string) => refuse('payload_invalid', message, { field });

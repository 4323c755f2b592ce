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

/** The query of `GET /api/whistles`; `stage` may name several, with commas. A parameter that is not known is an error. */
export function whistleQueryOf(asked: Record<string, unknown>): Result<WhistleQuery> {
  const read = parametersOf(asked, ['stage', 'cursor', 'limit']);
  if (!read.ok) return read;
  const given = read.value;
  const stages = given.stage?.split(',') ?? [];
  if (!stages.every((stage) => Object.hasOwn(STAGE_NAMES, stage))) return invalid('stage', '没有这种哨单状态');
  if (given.cursor !== undefined && !/^WS\d{8}-\d{6,12}$/.test(given.cursor)) {
    return invalid('cursor', '分页标记无效，请从第一页重新查询');
  }
  const limit = limitOf(given.limit);
  return limit.ok ? ok({ stages: stages as WhistleStage[], before: given.cursor ?? null, limit: limit.value }) : limit;
}

/** The query of `GET /api/whistles/{whistleNo}/messages`. */
export function messagesQueryOf(asked: Record<string, unknown>): Result<{ before: number | null; limit: number }> {
  const read = parametersOf(asked, ['before', 'limit']);
  if (!read.ok) return read;
  const before = read.value.before === undefined ? null : wholeNumber(read.value.before);
  if (Number.isNaN(before)) return invalid('before', '应为消息的序号');
  const limit = limitOf(read.value.limit);
  return limit.ok ? ok({ before, limit: limit.value }) : limit;
}

/** What is empty counts as left out. */
function parametersOf(asked: Record<string, unknown>, known: readonly string[]): Result<Record<string, string>> {
  for (const [field, value] of Object.entries(asked)) {
    if (!known.includes(field)) return invalid(field, '没有这个查询条件');
    if (typeof value !== 'string' || value.length > 200) return invalid(field, '应为一个取值');
  }
  return ok(Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== '')) as Record<string, string>);
}

function limitOf(text: string | undefined): Result<number> {
  const limit = text === undefined ? DEFAULT_LIMIT : wholeNumber(text);
  return limit >= 1 && limit <= MAX_LIMIT ? ok(limit) : invalid('limit', `应为1到 ${MAX_LIMIT} 的整数`);
}

const wholeNumber = (text: string): number => (/^\d{1,9}$/.test(text) ? Number(text) : NaN);

const invalid = (field: string, message: string) => refuse('payload_invalid', message, { field });

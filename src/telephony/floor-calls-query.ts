import type { CallMeasure } from '@minqing-hub/client-sdk/protocol';
import { ok, refuse, type Result } from '../domain/result.js';

export interface FloorCallsQuery {
  measure: CallMeasure;
  /** Pages go on after this one. */
  after: CallPlace | undefined;
  limit: number;
}

/** Where an entry stands in its list: newest first. */
export interface CallPlace {
  at: number;
  id: string;
}

const MEASURES: readonly CallMeasure[] = [
  ...(['offered', 'answered', 'abandoned', 'answered_within_15s', 'transferred', 'wrong_numbers'] as const),
];
const NAMES: readonly string[] = ['measure', 'cursor', 'limit'];
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

const invalid = (field: string, message: string) => refuse('payload_invalid', message, { field });

/** The query of `GET /api/floor/calls`. A parameter that is not known is an error: it would be a filter that does not filter. */
export function floorCallsQueryOf(asked: Record<string, unknown>): Result<FloorCallsQuery> {
  for (const [field, value] of Object.entries(asked)) {
    if (!NAMES.includes(field)) return invalid(field, '没有这个查询条件');
    if (typeof value !== 'string' || value.length > 500) return invalid(field, '应为一个取值');
  }
  const { measure, cursor, limit } = asked as Partial<Record<string, string>>;
  if (!MEASURES.includes(measure as CallMeasure)) return invalid('measure', `应为 ${MEASURES.join('、')} 之一`);
  const after = cursor ? placeOf(cursor) : undefined;
  if (cursor && !after) return invalid('cursor', '分页标记无效，请从第一页重新查询');
  const most = !limit ? DEFAULT_LIMIT : /^\d+$/.test(limit) ? Number(limit) : NaN;
  if (!(most >= 1 && most <= MAX_LIMIT)) return invalid('limit', `应为1到 ${MAX_LIMIT} 的整数`);
  return ok({ measure: measure as CallMeasure, after, limit: most });
}

export const cursorOf = ({ at, id }: CallPlace): string => Buffer.from(JSON.stringify([at, id])).toString('base64url');

/** `undefined`: not a cursor that the hub gave out. */
function placeOf(cursor: string): CallPlace | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(values) || values.length !== 2) return undefined;
    const [at, id] = values as unknown[];
    return Number.isSafeInteger(at) && typeof id === 'string' ? { at: at as number, id } : undefined;
  } catch {
    return undefined;
  }
}

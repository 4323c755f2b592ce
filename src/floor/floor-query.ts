import type { FloorMeasure, Presence, QueueId, SeatMeasure } from '@minqing-hub/client-sdk/protocol';
import { instantOf } from '../domain/calendar/instant.js';
import { PRESENCES } from '../domain/floor/floor-tally.js';
import { QUEUE_IDS } from '../domain/queue/queues-of.js';
import { ok, refuse, type Result } from '../domain/result.js';

export type Measure = FloorMeasure | SeatMeasure;

export interface FloorQuery {
  measure: Measure;
  /** `undefined`: all of them. */
  queueId: QueueId | undefined;
  seatId: string | undefined;
  /** Pages go on after these values of the list's order. */
  after: (number | string)[] | undefined;
  limit: number;
}

export interface Span {
  from: number | undefined;
  to: number | undefined;
}

const MEASURES: readonly Measure[] = [
  ...(['waiting', 'offered', 'claimed', 'at_risk', 'breached', 'expired', 'held', 'handled'] as const),
];
const OF_A_SEAT: readonly Measure[] = ['held', 'handled'];
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

const invalid = (field: string, message: string) => refuse('payload_invalid', message, { field });

/** The query of `GET /api/floor/items`. A parameter that is not known is an error: it would be a filter that does not filter. */
export function floorQueryOf(asked: Record<string, unknown>): Result<FloorQuery> {
  const known = only(asked, ['measure', 'queueId', 'seatId', 'cursor', 'limit']);
  if (!known.ok) return known;
  const { measure, queueId, seatId, cursor, limit } = known.value;
  if (!MEASURES.includes(measure as Measure)) return invalid('measure', `应为 ${MEASURES.join('、')} 之一`);
  if (queueId !== undefined && !QUEUE_IDS.includes(queueId as QueueId)) return invalid('queueId', '没有这个队列');
  if (seatId === undefined && OF_A_SEAT.includes(measure as Measure)) return invalid('seatId', '应指明座席');
  const after = cursor === undefined ? undefined : valuesOf(cursor);
  if (cursor !== undefined && !after) return invalid('cursor', '分页标记无效，请从第一页重新查询');
  const most = limit === undefined ? DEFAULT_LIMIT : /^\d+$/.test(limit) ? Number(limit) : NaN;
  if (!(most >= 1 && most <= MAX_LIMIT)) return invalid('limit', `应为1到 ${MAX_LIMIT} 的整数`);
  return ok({
    measure: measure as Measure,
    queueId: queueId as QueueId | undefined,
    seatId,
    after,
    limit: most,
  });
}

/** The query of `GET /api/floor/seats`. */
export function presenceOf(asked: Record<string, unknown>): Result<Presence | undefined> {
  const known = only(asked, ['presence']);
  if (!known.ok) return known;
  const { presence } = known.value;
  if (presence !== undefined && !PRESENCES.includes(presence as Presence)) {
    return invalid('presence', `应为 ${PRESENCES.join('、')} 之一`);
  }
  return ok(presence as Presence | undefined);
}

/** The query of a seat's timeline: from … up to, not including. */
export function spanOf(asked: Record<string, unknown>): Result<Span> {
  const known = only(asked, ['from', 'to']);
  if (!known.ok) return known;
  const { from, to } = known.value;
  for (const [field, text] of Object.entries({ from, to })) {
    if (text !== undefined && instantOf(text) === undefined) return invalid(field, '应为带时区的 ISO 8601 时间');
  }
  return ok({ from: from && instantOf(from), to: to && instantOf(to) } as Span);
}

export const cursorOf = (values: (number | string)[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

/** `undefined`: not a cursor that the hub gave out. */
function valuesOf(cursor: string): (number | string)[] | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const plain = (value: unknown) => typeof value === 'string' || Number.isSafeInteger(value);
    return Array.isArray(values) && values.length <= 4 && values.every(plain) ? (values as string[]) : undefined;
  } catch {
    return undefined;
  }
}

function only<K extends string>(asked: Record<string, unknown>, names: K[]): Result<Partial<Record<K, string>>> {
  for (const [field, value] of Object.entries(asked)) {
    if (!names.includes(field as K)) return invalid(field, '没有这个查询条件');
    if (typeof value !== 'string' || value.length > 500) return invalid(field, '应为一个取值');
  }
  const given = Object.entries(asked).filter(([, value]) => value !== '');
  return ok(Object.fromEntries(given) as Partial<Record<K, string>>);
}

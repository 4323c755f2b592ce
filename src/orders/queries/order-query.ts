import type { OrderStage } from '@minqing-hub/client-sdk/protocol';
import { instantOf } from '../../domain/calendar/instant.js';
import { STAGE_NAMES } from '../../domain/order/stages.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { type OrderQuery, orderNoOf } from './order-search.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const DAY_MS = 24 * 3_600_000;
const KNOWN = ['state', 'unitId', 'channel', 'from', 'to', 'cursor', 'limit'];

/**
 * The query of `GET /api/orders`. `state` may name several, with commas. `from` and `to` are instants, or days in
 * Shanghai of which both count whole. A parameter that is not known is an error: it would be a filter that does not filter.
 */
export function orderQueryOf(asked: Record<string, unknown>): Result<OrderQuery> {
  for (const [field, value] of Object.entries(asked)) {
    if (!KNOWN.includes(field)) return invalid(field, '没有这个查询条件');
    if (typeof value !== 'string' || value.length > 200) return invalid(field, '应为一个取值');
  }
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== '')) as Record<string, string>;

  const states = given.state?.split(',') ?? [];
  if (!states.every((state) => Object.hasOwn(STAGE_NAMES, state))) return invalid('state', '没有这种工单状态');
  const from = given.from === undefined ? undefined : startOf(given.from);
  const to = given.to === undefined ? undefined : endOf(given.to);
  if (Number.isNaN(from)) return invalid('from', TIME_FORM);
  if (Number.isNaN(to)) return invalid('to', TIME_FORM);
  const before = given.cursor === undefined ? undefined : orderNoOf(given.cursor);
  if (given.cursor !== undefined && before === undefined) return invalid('cursor', '分页标记无效，请从第一页重新查询');
  const limit = given.limit === undefined ? DEFAULT_LIMIT : /^\d+$/.test(given.limit) ? Number(given.limit) : NaN;
  if (!(limit >= 1 && limit <= MAX_LIMIT)) return invalid('limit', `应为1到 ${MAX_LIMIT} 的整数`);

  return ok({ states: states as OrderStage[], unitId: given.unitId, channel: given.channel, from, to, before, limit });
}

const TIME_FORM = '应为日期（2026-11-21）或带时区的 ISO 8601 时间';

const invalid = (field: string, message: string) => refuse('payload_invalid', message, { field });

/** NaN: neither a day nor an instant. */
const startOf = (text: string): number => dayStart(text) ?? instantOf(text) ?? NaN;

function endOf(text: string): number {
  const day = dayStart(text);
  return day === undefined ? startOf(text) : day + DAY_MS;
}

const dayStart = (text: string): number | undefined =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) ? instantOf(`${text}T00:00:00+08:00`) : undefined;

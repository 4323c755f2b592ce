import type { Card, CardKey, EventType, HubEvent } from '@minqing-hub/client-sdk/protocol';
import { stubOf } from '../domain/access/stub.js';
import type { Audience, Subject } from './event-log.js';

/** A placed event as the hub itself reads it. */
export interface LoggedEvent {
  seq: number;
  id: string;
  subject: Subject;
  version: number | null;
  type: EventType;
  at: number;
  recordedAt: number;
  actorId: string;
  commandId: string;
  causationId: string | null;
  data: Record<string, unknown>;
  card: Card | null;
  changed: string[] | null;
  audience: Audience;
}

export interface EventRow {
  seq: number;
  event_id: string;
  subject: string;
  version: number | null;
  type: string;
  at: number;
  recorded_at: number;
  actor_id: string;
  command_id: string;
  causation_id: string | null;
  data: string;
  card: string | null;
  changed: string | null;
  audience: string;
}

export const EVENT_COLUMNS =
  'e.event_id, e.subject, e.version, e.type, e.at, e.recorded_at, e.actor_id, e.command_id, e.causation_id, e.data, e.card, e.changed, e.audience';

export function loggedEvent(row: EventRow): LoggedEvent {
  return {
    seq: row.seq,
    id: row.event_id,
    subject: row.subject as Subject,
    version: row.version,
    type: row.type as EventType,
    at: row.at,
    recordedAt: row.recorded_at,
    actorId: row.actor_id,
    commandId: row.command_id,
    causationId: row.causation_id,
    data: JSON.parse(row.data) as Record<string, unknown>,
    card: row.card ? (JSON.parse(row.card) as Card) : null,
    changed: row.changed ? (JSON.parse(row.changed) as string[]) : null,
    audience: JSON.parse(row.audience) as Audience,
  };
}

/** The event as one room may see it. A stub room learns the order's number and version, and nothing of what was done. */
export function asSeenIn(event: LoggedEvent, room: string): HubEvent {
  const { op, view } = event.audience.rooms[room]!;
  const seen: HubEvent = { id: event.id, type: event.type, at: event.at, actor: event.actorId, data: {} };
  if (view === 'full') Object.assign(seen.data, event.data);
  else if ('orderNo' in event.data) seen.data.orderNo = event.data.orderNo as string;
  if (event.version !== null) seen.data.version = event.version;

  const key = event.subject as CardKey;
  if (op === 'gone') seen.data.card = { key, op };
  if (event.card && op === 'enter') {
    seen.data.card = { key, op, card: view === 'full' ? event.card : stubOf(key, event.card) };
  }
  if (event.card && op === 'change') {
    const visible = (view === 'full' ? event.card : stubOf(key, event.card)) as unknown as Record<string, unknown>;
    const fields = Object.fromEntries((event.changed ?? []).filter((f) => f in visible).map((f) => [f, visible[f]]));
    seen.data.card = { key, op, fields };
  }
  return seen;
}

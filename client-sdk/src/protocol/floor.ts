import type { Presence, QueueItemCard, SeatCard, SkillLevel, StubQueueItemCard } from './cards.js';
import type { QueueId } from './rooms.js';

/**
 * How a queue stands. `latest` in `queue:{queueId}` and `head:{queueId}` under `queue.stats`.
 * Times are ms UTC; how old the oldest is follows from the hub's time.
 */
export interface QueueStats {
  waiting: number;
  offered: number;
  claimed: number;
  oldestQueuedAt: number | null;
  /** Not done, due within the amber time. */
  atRisk: number;
  /** Not done and past due. */
  breached: number;
  /** Offers that ended untaken since the day began. */
  expired: number;
}

/** `latest` in `head:{queueId}` under `queue.first`: the items whose turn is next, in order. */
export type QueueFirst = (QueueItemCard | StubQueueItemCard)[];

/** Sliding 24 hours; a rate whose denominator is 0 is `null`. Rates are fractions. */
export interface CallStats {
  offered: number;
  answered: number;
  abandoned: number;
  answeredWithin15s: number;
  /** Put through to 110, 119, 120 or 122; had dialled a wrong number. */
  transferred: number;
  wrongNumbers: number;
  connectRate: number | null;
  answeredWithin15sRate: number | null;
}

/** `latest` in `floor`, by key. */
export interface FloorLatest {
  'floor.queues': Record<QueueId, QueueStats>;
  'floor.seats': Record<Presence, number>;
  'floor.calls': CallStats;
}

/** What a number of the floor stands for. */
export type FloorMeasure = 'waiting' | 'offered' | 'claimed' | 'at_risk' | 'breached' | 'expired';
/** What a number of one seat stands for. */
export type SeatMeasure = 'held' | 'handled';

/**
 * Of a confidential one `kind`, `catalogCode` and `areaCode` are `null` and `needs` is empty.
 * `endedAt`: when its offer ended untaken at `seatId`, or when that seat was done with it.
 */
export type FloorItem = QueueItemCard & { endedAt?: number };

/** `GET /api/floor/items?measure=&queueId=&seatId=&cursor=&limit=`; without `queueId` of all queues, a seat's measure with `seatId`. */
export interface FloorItemPage {
  items: FloorItem[];
  next: string | null;
  total: number;
}

/** What a number of `CallStats` stands for. */
export type CallMeasure =
  'offered' | 'answered' | 'abandoned' | 'answered_within_15s' | 'transferred' | 'wrong_numbers';

/** A call of the last 24 hours; of those transferred and wrong numbers, what a seat noted, with its call where one is known. */
export interface FloorCall {
  callId: string | null;
  /** When it came; when a contact was noted. */
  at: number;
  seatId: string | null;
  offeredAt: number | null;
  answeredAt: number | null;
  abandonedAt: number | null;
  endedAt: number | null;
  orderNo: string | null;
  /** Masked; `null`: nobody said, or it was erased. */
  caller: string | null;
  contactId?: string;
  /** 110, 119, 120 or 122. */
  transferredTo?: string;
}

/** `GET /api/floor/calls?measure=&cursor=&limit=`, newest first. */
export interface FloorCallPage {
  items: FloorCall[];
  next: string | null;
  total: number;
}

/** `GET /api/floor/seats?presence=`: everyone signed on, or of one presence; of the running shift. */
export interface FloorSeat extends SeatCard {
  name: string;
  skills: SkillLevel[];
  held: number;
  handled: number;
  /** From having it in hand to done, summed, ms. */
  handlingMs: number;
}

/** `GET /api/floor/seats/{seatId}/timeline?from=&to=`: what happened at a seat, from the log. */
export interface TimelineEntry {
  at: number;
  type: string;
  presence?: Presence;
  itemId?: string;
  orderNo?: string | null;
  queueId?: QueueId;
  cause?: string;
  how?: string;
  actor: string;
}

/** `GET /api/seats/{seatId}/messages` */
export interface SeatMessage {
  messageId: string;
  at: number;
  from: string;
  text: string;
}

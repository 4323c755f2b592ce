import { isDeepStrictEqual } from 'node:util';
import type { ClockSignal, ClockView, OrderCard } from '@minqing-hub/client-sdk/protocol';
import { WorkCalendar } from '../domain/calendar/work-calendar.js';
import { orderCard } from '../domain/access/order-audience.js';
import { clockView } from '../domain/clock/clock-view.js';
import { type Deadline, isWindow } from '../domain/clock/deadline.js';
import { missingClocks } from '../domain/clock/missing-clocks.js';
import { orderClockId, reachedBefore } from '../domain/clock/order-clocks.js';
import { nextSignal } from '../domain/clock/signals.js';
import type { Order } from '../domain/order/order.js';
import { ACTIVE, isOneOf } from '../domain/order/stages.js';
import type { ReadModel, ReadTx } from '../storage/unit-of-work.js';
import { pausesThatDiffer } from './pauses-told.js';

/** Orders in memory at a time, with all that happened to their clocks. */
const BATCH = 100;
const KEPT = 50;

export interface ClocksReport {
  clocks: number;
  /** All that does not agree, counted; `first` tells at most `KEPT` of it: what and how, one sentence each, Chinese. */
  findings: number;
  first: string[];
}

/**
 * Holds every clock of an order against what the log tells of it [I8]: its row against its own events, from the first to
 * the last, what the order's card shows against the rows, how long it stood still, and what should run for it against what
 * was started. In one consistent view; changes nothing.
 */
export function verifyClocks(readModel: ReadModel): Promise<ClocksReport> {
  return readModel.run((tx) => new ClocksVerification(tx).run());
}

interface ClockRow {
  clock_id: string;
  kind: string;
  subject: string;
  started_at: number;
  due_at: number;
  state: string;
  next_signal_at: number | null;
  details: string;
}

interface EventRow {
  subject: string;
  type: string;
  at: number;
  data: string;
  card: string | null;
}

/** As its events give it. What they do not tell, the card does. */
type ToldClock = Omit<ClockView, 'amberAt' | 'pausedFor' | 'endedAt'> & {
  /** The event's time, or that of the pause: what was looked at may count from when it was handed in. */
  endedAt: readonly number[];
  /** When it was told that it had started. */
  toldAt: number;
};

class ClocksVerification {
  private readonly report: ClocksReport = { clocks: 0, findings: 0, first: [] };

  constructor(private readonly tx: ReadTx) {}

  async run(): Promise<ClocksReport> {
    for (let after = ''; ;) {
      const orders = await this.tx.all<{ order_no: string; body: string }>(
        `SELECT order_no, body FROM work_order WHERE order_no > ? ORDER BY order_no LIMIT ${BATCH}`,
        [after],
      );
      if (orders.length > 0) await this.verify(orders);
      if (orders.length < BATCH) break;
      after = orders.at(-1)!.order_no;
    }
    await this.findStrays();
    return this.report;
  }

  private async verify(orders: readonly { order_no: string; body: string }[]): Promise<void> {
    const subjects = orders.map(({ order_no }) => `order:${order_no}`);
    const marks = subjects.map(() => '?').join(', ');
    const rows = await this.tx.all<ClockRow>(
      `SELECT clock_id, kind, subject, started_at, due_at, state, next_signal_at, details
       FROM clock WHERE subject IN (${marks}) AND details IS NOT NULL`,
      subjects,
    );
    const events = await this.tx.all<EventRow>(
      // What has been committed a moment ago may have no place yet.
      `SELECT e.subject, e.type, e.at, e.data, e.card FROM event e LEFT JOIN event_place p ON p.event_row = e.id
       WHERE e.subject IN (${marks}) AND (e.card IS NOT NULL OR e.type LIKE 'deadline.%')
       ORDER BY p.seq IS NULL, p.seq, e.id`,
      subjects,
    );
    for (const { order_no, body } of orders) {
      const of = <T extends { subject: string }>(all: T[]): T[] =>
        all.filter(({ subject }) => subject === `order:${order_no}`);
      this.verifyOrder(JSON.parse(body) as Order, of(rows), of(events));
    }
  }

  private verifyOrder(order: Order, rows: readonly ClockRow[], events: readonly EventRow[]): void {
    const told = clocksTold(events);
    const kept = new Map(rows.map((row) => [row.clock_id, row]));
    for (const clockId of new Set([...told.keys(), ...kept.keys()])) {
      this.report.clocks += 1;
      const [expected, row] = [told.get(clockId), kept.get(clockId)];
      if (!expected) this.find(clockId, '有记录而日志没有说它开始');
      else if (!row) this.find(clockId, '日志说它开始过而没有记录');
      else this.verifyClock(order, expected, row);
    }
    // Of before there were clocks, and never given any. [CK15]
    for (const clock of isOneOf(order.state, ACTIVE) ? missingClocks(order, clockIdsOf(rows), 'dispatched') : []) {
      this.find(orderClockId(order.orderNo, clock), '该有的时限没有开始');
    }
    for (const { clockId, sentence } of pausesThatDiffer(events))
      this.find(clockId ?? `order:${order.orderNo}`, sentence);
    this.verifyCard(order, rows, events);
  }

  private verifyClock(order: Order, { endedAt, toldAt, ...expected }: ToldClock, row: ClockRow): void {
    const deadline = JSON.parse(row.details) as Deadline;
    const { clockId } = expected;
    const { amberAt: _amberAt, pausedFor: _pausedFor, endedAt: keptEnd, ...kept } = clockView(deadline);
    for (const [name, value] of Object.entries(expected)) {
      const is = (kept as Record<string, unknown>)[name];
      if (is !== value) this.find(clockId, `${name} 与日志所说的不同`);
    }
    // What was met before anybody could tell of it was met by a contact of before there were clocks. [CK15]
    const before = keptEnd !== null && keptEnd < toldAt && endedAt.length > 0 && keptEnd === reachedBefore(order);
    if (!before && (keptEnd === null ? endedAt.length > 0 : !endedAt.includes(keptEnd))) {
      this.find(clockId, 'endedAt 与日志所说的不同');
    }
    const columns = {
      kind: deadline.clock,
      started_at: deadline.startedAt,
      due_at: deadline.dueAt,
      state: deadline.state,
    };
    for (const [name, value] of Object.entries(columns)) {
      if (row[name as keyof typeof columns] !== value) this.find(clockId, `列 ${name} 与其记录不同`);
    }
    if (!ringsAtItsTime(deadline, row.next_signal_at)) this.find(clockId, '列 next_signal_at 不是它该响的时刻');
  }

  /** What is shown of an order's clocks is what the last card in the log shows of them. */
  private verifyCard(order: Order, rows: readonly ClockRow[], events: readonly EventRow[]): void {
    const card = events.findLast((event) => event.card !== null)?.card;
    if (!card) return;
    const { clocks } = JSON.parse(card) as Partial<OrderCard>;
    // Of before there were clocks.
    if (clocks === undefined) return;
    const deadlines = rows.map(({ details }) => JSON.parse(details) as Deadline);
    const kept = JSON.parse(JSON.stringify(orderCard(order, deadlines).clocks)) as ClockView[];
    // Of before clocks said why they had stood still.
    const shown = kept.map(({ pausedBecause, ...clock }, n) =>
      clocks[n]?.pausedBecause ? { ...clock, pausedBecause } : clock,
    );
    if (!isDeepStrictEqual(shown, clocks)) this.find(`order:${order.orderNo}`, '卡片上的时限与记录不同');
  }

  private async findStrays(): Promise<void> {
    const strays = await this.tx.all<{ clock_id: string }>(
      `SELECT c.clock_id FROM clock c WHERE c.details IS NOT NULL AND c.subject LIKE 'order:%'
       AND NOT EXISTS (SELECT 1 FROM work_order w WHERE w.order_no = SUBSTR(c.subject, 7))`,
    );
    for (const { clock_id } of strays) this.find(clock_id, '有时限而没有这件工单');
  }

  private find(clockId: string, sentence: string): void {
    this.report.findings += 1;
    if (this.report.first.length < KEPT) this.report.first.push(`${clockId}：${sentence}`);
  }
}

const clockIdsOf = (rows: readonly ClockRow[]) => rows.map(({ clock_id }) => ({ clockId: clock_id }));

function clocksTold(events: readonly EventRow[]): Map<string, ToldClock> {
  const told = new Map<string, ToldClock>();
  for (const { type, at, data } of events) {
    if (!type.startsWith('deadline.')) continue;
    const { clockId, clock, unitId, basis, limit, source, startedAt, dueAt, pausedMs, provisional, signal } =
      JSON.parse(data) as Omit<ToldClock, 'signal'> & { signal?: ClockSignal | null };
    const before = told.get(clockId);
    const facts = { clockId, clock, unitId, basis, limit, source, startedAt, dueAt, pausedMs, provisional };
    const toldAt = type === 'deadline.started' ? at : (before?.toldAt ?? at);
    told.set(clockId, { ...facts, toldAt, ...after(type, at, signal, facts, before) });
  }
  return told;
}

type Standing = Pick<ToldClock, 'state' | 'signal' | 'warned' | 'pausedAt' | 'endedAt'>;

function after(
  type: string,
  at: number,
  said: ClockSignal | null | undefined,
  { dueAt }: Pick<ToldClock, 'dueAt'>,
  before: ToldClock | undefined,
): Standing {
  const { state, signal, warned, pausedAt, endedAt } = before ?? {
    state: 'running' as const,
    signal: null,
    warned: undefined,
    pausedAt: null,
    endedAt: [],
  };
  const was = { state, signal, warned, pausedAt, endedAt };
  /** Said of the due that it had. Before it told what holds of that, it was said again of a later one. */
  const holds = (): Pick<Standing, 'signal' | 'warned'> => {
    if (said === undefined)
      return { signal: signal === 'amber' && before && dueAt > before.dueAt ? null : signal, warned };
    return { signal: said, warned: said === null && signal === 'amber' ? true : warned };
  };
  switch (type) {
    case 'deadline.amber':
    case 'deadline.overdue':
      return { ...was, signal: said ?? null, warned: undefined };
    case 'deadline.paused':
      return { ...was, state: 'paused', pausedAt: at };
    case 'deadline.resumed':
      return { ...was, ...(said === undefined ? {} : holds()), state: 'running', pausedAt: null };
    case 'deadline.recalculated':
      return { ...was, ...holds() };
    case 'deadline.met':
    case 'deadline.stopped': {
      const ends = type === 'deadline.met' && pausedAt !== null ? [at, pausedAt] : [at];
      return { ...was, state: type === 'deadline.met' ? 'met' : 'stopped', pausedAt: null, endedAt: ends };
    }
    default:
      return was;
  }
}

/** When it says amber and overdue its row alone tells; when it says so again, the calendar: some time later, if at all. */
function ringsAtItsTime(deadline: Deadline, at: number | null): boolean {
  if (deadline.state !== 'running') return at === null;
  switch (deadline.signal) {
    case null:
    case 'amber':
      return at === nextSignal(deadline, NO_CALENDAR)!.at;
    case 'overdue':
    case 'overdue_1wd':
      return isWindow(deadline.clock) ? at === null : at !== null && at > deadline.dueAt;
    case 'overdue_3wd':
      return at === null;
  }
}

const NO_CALENDAR = new WorkCalendar([], () => []);

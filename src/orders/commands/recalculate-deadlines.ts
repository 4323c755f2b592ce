import type { Role } from '@minqing-hub/client-sdk/protocol';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { CalendarBook } from '../../calendar/calendar-book.js';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { DeadlineLedger } from '../../deadlines/deadline-ledger.js';
import type { ClockChange } from '../../domain/clock/clock-change.js';
import type { Deadline } from '../../domain/clock/deadline.js';
import { recalculated } from '../../domain/clock/move-deadline.js';
import type { Order } from '../../domain/order/order.js';
import { ok, type Result } from '../../domain/result.js';
import { OrderClocks, subjectOf } from '../order-clocks.js';
import { OrderDesk } from '../order-desk.js';

/** Clocks in one transaction. */
const AT_A_TIME = 100;

export class RecalculateDeadlinesPayload {
  /** A notice counts workdays otherwise, or a policy gives other limits. */
  @IsIn(['calendar', 'policy'])
  because!: 'calendar' | 'policy';

  /** The policy that was changed. */
  @IsOptional()
  @IsString()
  key?: string;

  /** The event that asks for it. */
  @IsString()
  eventId!: string;

  /** Clocks up to this id are done. */
  @IsString()
  after!: string;
}

type Rules = Pick<RecalculateDeadlinesPayload, 'because' | 'key'>;

/** Counts running clocks anew, a hundred at a time: the rest by a clock that rings at once. [A27] [PC6] */
@Handles('recalculateDeadlines')
export class RecalculateDeadlines extends CommandHandler<RecalculateDeadlinesPayload, object> {
  readonly payload = RecalculateDeadlinesPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly desk: OrderDesk,
    private readonly ledger: DeadlineLedger,
    private readonly clocks: OrderClocks,
    private readonly timers: ClockLedger,
    private readonly calendars: CalendarBook,
  ) {
    super();
  }

  async handle(payload: RecalculateDeadlinesPayload, context: CommandContext): Promise<Result<object>> {
    const { tx, now } = context;
    const timerId = `recount:${payload.eventId}:${payload.after}`;
    // The first part has no clock: its event asks for it.
    if (payload.after !== '' && !(await this.timers.ring(tx, timerId, now))) return ok({});
    const part = await this.ledger.running(tx, payload.after, AT_A_TIME);
    await this.recalculate(payload, part, context);
    const last = part.at(-1);
    if (part.length === AT_A_TIME && last) await this.goOn({ ...payload, after: last.clockId }, context);
    return ok({});
  }

  private async recalculate(
    rules: Rules,
    part: readonly { clockId: string; subject: string }[],
    context: CommandContext,
  ): Promise<void> {
    const { tx } = context;
    const orders = await this.desk.loadAll(context, [...new Set(part.map(({ subject }) => subject))].sort());
    const bySubject = new Map(orders.map((order) => [subjectOf(order.orderNo) as string, order]));
    const kept = await this.clocks.ofAll(context, orders);
    const changes = new Map<string, ClockChange[]>();
    const clockIds = part.map(({ clockId }) => clockId);
    for (const { subject, deadline, nextSignalAt } of await this.ledger.lockRunning(tx, clockIds)) {
      const order = bySubject.get(subject);
      if (!order) continue;
      const { deadlines, changes: said } = await this.clocks.sayDue(context, subject, [deadline]);
      const before = deadlines[0]!;
      const after = await this.recounted(rules, order, before, context);
      const recounted: ClockChange[] = after ? [{ type: 'deadline.recalculated', deadline: after }] : [];
      if (after) await this.ledger.keep(tx, after);
      // A due that has passed stays; when it is said again, so many workdays after, the notice moves all the same.
      else await this.ledger.rearm(tx, { subject, deadline: before, nextSignalAt });
      if (said.length + recounted.length === 0) continue;
      changes.set(subject, [...(changes.get(subject) ?? []), ...said, ...recounted]);
    }
    await this.desk.tellClocks(context, orders, changes);
    const counted = await this.clocks.ofAll(context, orders);
    for (const order of orders.filter(({ orderNo }) => changes.has(subjectOf(orderNo)))) {
      await this.desk.redue(context, order, kept.get(order.orderNo) ?? [], counted.get(order.orderNo) ?? []);
    }
  }

  private async recounted(
    { because, key = '' }: Rules,
    order: Order,
    deadline: Deadline,
    context: CommandContext,
  ): Promise<Deadline | undefined> {
    return because === 'calendar'
      ? recalculated(deadline, context.now, this.calendars.calendar)
      : this.clocks.relimited(context, order, deadline, key);
  }

  private async goOn(payload: RecalculateDeadlinesPayload, { tx, now }: CommandContext): Promise<void> {
    await this.timers.start(
      tx,
      {
        clockId: `recount:${payload.eventId}:${payload.after}`,
        kind: 'RECOUNT',
        subject: `event:${payload.eventId}`,
        dueAt: now,
        command: { name: 'recalculateDeadlines', payload },
      },
      now,
    );
  }
}

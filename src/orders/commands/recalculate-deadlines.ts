import type { Role } from '@minqing-hub/client-sdk/protocol';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { CalendarBook } from '../../calendar/calendar-book.js';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { type HeldValue, Policy, type PolicyValue } from '../../config/policy.js';
import { PolicyValueField } from '../../config/policy-value-field.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { DeadlineLedger } from '../../deadlines/deadline-ledger.js';
import { SaidFirst } from '../../deadlines/said-first.js';
import type { ClockChange } from '../../domain/clock/clock-change.js';
import type { Deadline } from '../../domain/clock/deadline.js';
import { recalculated } from '../../domain/clock/move-deadline.js';
import type { Order } from '../../domain/order/order.js';
import { ok, type Result } from '../../domain/result.js';
import { LivePolicy } from '../../policy/live-policy.js';
import { OrderClocks, subjectOf } from '../order-clocks.js';
import { OrderDesk } from '../order-desk.js';

/** Clocks in one transaction. */
const AT_A_TIME = 100;

/** The value that came into force, and with which version of the whole. `since`: its time, ms UTC. */
class PolicyChangePayload implements HeldValue {
  @PolicyValueField()
  value!: PolicyValue;

  @IsString()
  unit!: string;

  @IsInt()
  version!: number;

  @IsInt()
  since!: number;
}

export class RecalculateDeadlinesPayload {
  /** A notice counts workdays otherwise, or a policy gives other limits. */
  @IsIn(['calendar', 'policy'])
  because!: 'calendar' | 'policy';

  /** The policy that was changed. */
  @IsOptional()
  @IsString()
  key?: string;

  /** To what; absent: to what holds now, as it was asked for before this was told. */
  @IsOptional()
  @ValidateNested()
  @Type(() => PolicyChangePayload)
  change?: PolicyChangePayload;

  /** The event that asks for it. */
  @IsString()
  eventId!: string;

  /** Clocks up to this id are done. */
  @IsString()
  after!: string;
}

type Rules = Pick<RecalculateDeadlinesPayload, 'because' | 'key' | 'change'>;

/** Counts running clocks anew, a hundred at a time: the rest by a clock that rings at once. [A27] [PC6] */
@Handles('recalculateDeadlines')
export class RecalculateDeadlines extends CommandHandler<RecalculateDeadlinesPayload, object> {
  readonly payload = RecalculateDeadlinesPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly desk: OrderDesk,
    private readonly ledger: DeadlineLedger,
    private readonly clocks: OrderClocks,
    private readonly saidFirst: SaidFirst,
    private readonly timers: ClockLedger,
    private readonly calendars: CalendarBook,
    private readonly policy: Policy,
    private readonly livePolicy: LivePolicy,
  ) {
    super();
  }

  async handle(payload: RecalculateDeadlinesPayload, context: CommandContext): Promise<Result<object>> {
    const { tx, now } = context;
    const timerId = `recount:${payload.eventId}:${payload.after}`;
    // The first part has no clock: its event asks for it.
    if (payload.after !== '' && !(await this.timers.ring(tx, timerId, now))) return ok({});
    const part = await this.ledger.running(tx, payload.after, AT_A_TIME);
    if (!(await this.recalculate(payload, part, context))) return ok({});
    const last = part.at(-1);
    if (part.length === AT_A_TIME && last) await this.goOn({ ...payload, after: last.clockId }, context);
    return ok({});
  }

  /** Answers false when a later change of the same policy has all of them counted anew: it alone counts. [PC6] */
  private async recalculate(
    rules: Rules,
    part: readonly { clockId: string; subject: string }[],
    context: CommandContext,
  ): Promise<boolean> {
    const { tx } = context;
    const orders = await this.desk.loadAll(context, [...new Set(part.map(({ subject }) => subject))].sort());
    const bySubject = new Map(orders.map((order) => [subjectOf(order.orderNo) as string, order]));
    const kept = await this.clocks.ofAll(context, orders);
    const changes = new Map<string, ClockChange[]>();
    const clockIds = part.map(({ clockId }) => clockId);
    const running = await this.ledger.lockRunning(tx, clockIds);
    // Only now: nobody else counts these until the commit.
    if (await this.isOvertaken(rules, context)) return false;
    for (const { subject, deadline, nextSignalAt } of running) {
      const order = bySubject.get(subject);
      if (!order) {
        // A whistle's: no limit of theirs counts otherwise, but when they are said to be late again.
        await this.ledger.rearm(tx, { subject, deadline, nextSignalAt });
        continue;
      }
      const { deadlines, changes: said } = await this.saidFirst.sayDue(context, subject, [deadline]);
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
    return true;
  }

  private async isOvertaken({ key = '', change }: Rules, { tx }: CommandContext): Promise<boolean> {
    return change !== undefined && (await this.livePolicy.recountsLater(tx, key, change.version));
  }

  private async recounted(
    { because, key = '', change }: Rules,
    order: Order,
    deadline: Deadline,
    context: CommandContext,
  ): Promise<Deadline | undefined> {
    if (because === 'calendar') return recalculated(deadline, context.now, this.calendars.calendar);
    if (change && beganWith(deadline, change)) return undefined;
    const policy = change ? this.policy.asChanged(key, change) : this.policy;
    return this.clocks.relimited(context, order, deadline, key, policy);
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

/** [PC6] It has what the change set, or what was set after it. */
const beganWith = ({ startedAt, policyVersion }: Deadline, { since, version }: PolicyChangePayload): boolean =>
  startedAt >= since && policyVersion >= version;

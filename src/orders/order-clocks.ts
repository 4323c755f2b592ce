import { Injectable } from '@nestjs/common';
import { CalendarBook } from '../calendar/calendar-book.js';
import type { CommandContext } from '../commands/command-handler.js';
import { Policy } from '../config/policy.js';
import { DeadlineLedger } from '../deadlines/deadline-ledger.js';
import type { Deadline } from '../domain/clock/deadline.js';
import { byChangedPolicy } from '../domain/clock/by-changed-policy.js';
import type { ClocksAfter } from '../domain/clock/clock-change.js';
import { followOrder, startsHandling } from '../domain/clock/follow-order.js';
import { missingClocks } from '../domain/clock/missing-clocks.js';
import type { LimitGrounds } from '../domain/clock/order-limits.js';
import type { HandlingStandard } from '../domain/lists/handling-standard.js';
import { leadOf, type Order } from '../domain/order/order.js';
import { ListBook } from '../lists/list-book.js';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';
import { clockPolicy } from './clock-policy.js';

/** Keeps the rows of an order's clocks in line with the order, in the transaction of the command that changed it. [CK12] */
@Injectable()
export class OrderClocks {
  constructor(
    private readonly ledger: DeadlineLedger,
    private readonly lists: ListBook,
    private readonly calendars: CalendarBook,
    private readonly policy: Policy,
  ) {}

  of({ tx }: { tx: ReadTx & Partial<Tx> }, orderNo: string): Promise<Deadline[]> {
    return this.ledger.of(tx, subjectOf(orderNo));
  }

  /** Of many, by order number. */
  ofAll({ tx }: Pick<CommandContext, 'tx'>, orders: readonly Order[]): Promise<Map<string, Deadline[]>> {
    return deadlinesOf(tx, this.ledger, orders);
  }

  /** Whether one that belongs to it was never started. [CK15] */
  lacks(order: Order, kept: readonly Deadline[]): boolean {
    return missingClocks(order, kept, this.policy.choice('contact.start')).length > 0;
  }

  /** `kept`: the order's clocks before the command. */
  async follow(context: CommandContext, order: Order, kept: readonly Deadline[]): Promise<ClocksAfter> {
    const { tx } = context;
    const after = followOrder(await this.grounds(context, order, kept, startsHandling(order, kept)));
    for (const { type, deadline } of after.changes) {
      if (type === 'deadline.started') await this.ledger.start(tx, subjectOf(order.orderNo), deadline);
      else await this.ledger.keep(tx, deadline);
    }
    return after;
  }

  /** [PC6] The clock as `policy` has it, of which `key` was changed; `undefined`: no other. */
  async relimited(
    context: CommandContext,
    order: Order,
    deadline: Deadline,
    key: string,
    policy: Policy,
  ): Promise<Deadline | undefined> {
    const kept = await this.of(context, order.orderNo);
    // [C1] Counted from where it began: the order's own due is the one that it had then.
    const asBegun = { ...order, dispatchDueAt: null };
    const then = { ...context, now: deadline.startedAt };
    const grounds = await this.grounds(then, asBegun, kept, deadline.clock === 'HANDLING');
    return byChangedPolicy(deadline, key, { ...grounds, policy: clockPolicy(policy) }, context.now);
  }

  /** What limits follow from; the matter's standard only where a handling limit is asked for. */
  private async grounds(
    context: CommandContext,
    order: Order,
    kept: readonly Deadline[],
    withStandard: boolean,
  ): Promise<LimitGrounds> {
    const standard = withStandard ? await this.standard(context, order) : undefined;
    return {
      order,
      kept,
      now: context.now,
      policy: clockPolicy(this.policy),
      calendar: this.calendars.calendar,
      ...(standard && { standard }),
    };
  }

  /** [LI5] By the lists that it was dispatched under. */
  private async standard({ tx, now }: CommandContext, order: Order): Promise<HandlingStandard | undefined> {
    const { catalogCode, areaCode } = order;
    if (catalogCode === null) return undefined;
    const lead = leadOf(order);
    const versions = { ...(await this.lists.versions(tx, now)), ...lead?.listVersions };
    return this.lists.standardFor(tx, now, catalogCode, areaCode, lead?.unitId ?? null, versions);
  }
}

export const subjectOf = (orderNo: string): `order:${string}` => `order:${orderNo}`;

/** By order number. */
export async function deadlinesOf(
  tx: ReadTx,
  ledger: DeadlineLedger,
  orders: readonly { orderNo: string }[],
): Promise<Map<string, Deadline[]>> {
  const found = new Map<string, Deadline[]>(orders.map(({ orderNo }) => [orderNo, []]));
  const subjects = orders.map(({ orderNo }) => subjectOf(orderNo));
  for (const { subject, deadline } of await ledger.ofAll(tx, subjects)) {
    found.get(subject.slice('order:'.length))?.push(deadline);
  }
  return found;
}

import type { Role } from '@minqing-hub/client-sdk/protocol';
import { IsString } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import type { ClockChange } from '../../domain/clock/clock-change.js';
import type { Order } from '../../domain/order/order.js';
import { ok, type Result } from '../../domain/result.js';
import { missingClocksTimer } from '../missing-clocks-at-start.js';
import { OrderClocks, subjectOf } from '../order-clocks.js';
import { OrderDesk } from '../order-desk.js';
import { OrderStore } from '../order-store.js';

/** Orders in one transaction: people are waiting behind it. */
const AT_A_TIME = 50;

export class StartMissingClocksPayload {
  /** Orders up to this number are done. */
  @IsString()
  after!: string;
}

/** Orders of before there were clocks get theirs, from when they should have begun; the next portion by a timer that rings at once. [CK15] */
@Handles('startMissingClocks')
export class StartMissingClocks extends CommandHandler<StartMissingClocksPayload, object> {
  readonly payload = StartMissingClocksPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly store: OrderStore,
    private readonly desk: OrderDesk,
    private readonly clocks: OrderClocks,
    private readonly timers: ClockLedger,
  ) {
    super();
  }

  async handle({ after }: StartMissingClocksPayload, context: CommandContext): Promise<Result<object>> {
    const { tx, now } = context;
    const timer = missingClocksTimer(after, now);
    if (!(await this.timers.ring(tx, timer.clockId, now))) return ok({});
    const part = await this.store.activeAfter(tx, after, AT_A_TIME);
    await this.startOf(context, await this.lacking(context, part));
    const last = part.at(-1);
    if (part.length === AT_A_TIME && last) await this.timers.start(tx, missingClocksTimer(last.orderNo, now), now);
    return ok({});
  }

  private async startOf(context: CommandContext, lacking: readonly Order[]): Promise<void> {
    // Before they were locked somebody may have changed them, and so started their clocks.
    const subjects = lacking.map(({ orderNo }) => subjectOf(orderNo));
    const orders = await this.lacking(context, await this.desk.loadAll(context, subjects));
    const kept = await this.clocks.ofAll(context, orders);
    const changes = new Map<string, ClockChange[]>();
    for (const order of orders) {
      const before = kept.get(order.orderNo) ?? [];
      const after = await this.clocks.follow(context, order, before);
      changes.set(subjectOf(order.orderNo), after.changes);
      await this.desk.redue(context, order, before, after.deadlines);
    }
    await this.desk.tellClocks(context, orders, changes);
  }

  private async lacking(context: CommandContext, orders: readonly Order[]): Promise<Order[]> {
    const kept = await this.clocks.ofAll(context, orders);
    return orders.filter((order) => this.clocks.lacks(order, kept.get(order.orderNo) ?? []));
  }
}

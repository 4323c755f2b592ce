import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { DeadlineEventType, OrderResult } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { Policy } from '../config/policy.js';
import { ClockOwners, type TellClocks } from '../deadlines/clock-owners.js';
import { SaidFirst } from '../deadlines/said-first.js';
import { orderCard, orderReaders, orderRooms } from '../domain/access/order-audience.js';
import { clockFacts } from '../domain/clock/clock-view.js';
import type { Deadline } from '../domain/clock/deadline.js';
import type { ClockChange, ClocksAfter } from '../domain/clock/clock-change.js';
import { decide } from '../domain/order/decide.js';
import { evolve } from '../domain/order/evolve.js';
import type { OrderCommand } from '../domain/order/order-command.js';
import type { OrderEvent } from '../domain/order/order-event.js';
import type { Order } from '../domain/order/order.js';
import { queueDue, queuedSince, queueOf } from '../domain/order/queue-of.js';
import type { Circumstances } from '../domain/order/situation.js';
import { isSameDue } from '../domain/queue/queue-item.js';
import { ok, type Result } from '../domain/result.js';
import { EventLog, type NewEvent } from '../event-log/event-log.js';
import { ListBook } from '../lists/list-book.js';
import { QueueLedger } from '../queues/queue-ledger.js';
import { OrderClocks, subjectOf } from './order-clocks.js';
import { orderPolicy } from './order-policy.js';
import { type Note, OrderStore } from './order-store.js';
import { SuspensionTimer } from './suspension-timer.js';

const NO_SEATS = { holderSeatId: null, offeredSeatId: null };

/**
 * The way of every command on an order, inside its transaction:
 * load → decide → save → clocks → log → texts → queues. What may be done is the rule book's matter.
 */
@Injectable()
export class OrderDesk implements OnModuleInit {
  constructor(
    private readonly store: OrderStore,
    private readonly log: EventLog,
    private readonly lists: ListBook,
    private readonly queues: QueueLedger,
    private readonly clocks: OrderClocks,
    private readonly suspensions: SuspensionTimer,
    private readonly policy: Policy,
    private readonly saidFirst: SaidFirst,
    private readonly owners: ClockOwners,
  ) {}

  onModuleInit(): void {
    this.owners.own('order', { lock: (context, subjects) => this.lockForClocks(context, subjects) });
  }

  private async lockForClocks(context: CommandContext, subjects: readonly string[]): Promise<TellClocks> {
    const orders = await this.loadAll(context, subjects);
    return (changes) => this.tellClocks(context, orders, changes);
  }

  /** As it stands, locked until commit; `null`: there is none. Whether the actor may know of it is decided later. */
  load(context: CommandContext, orderNo: string): Promise<Order | null> {
    return this.store.lock(context.tx, orderNo);
  }

  /** Those of many subjects that are orders, each locked until commit. */
  async loadAll(context: CommandContext, subjects: readonly string[]): Promise<Order[]> {
    return this.store.lockAll(
      context.tx,
      subjects.filter((subject) => subject.startsWith('order:')).map((subject) => subject.slice('order:'.length)),
    );
  }

  /** What clocks of these orders did by themselves, to every room that shows the order, and to those that it makes look. [CK13] */
  async tellClocks(
    context: CommandContext,
    orders: readonly Order[],
    changes: ReadonlyMap<string, readonly ClockChange[]>,
  ): Promise<void> {
    const { tx, now, origin } = context;
    const units = await this.lists.units(tx, now);
    const said = orders.filter(({ orderNo }) => changes.has(subjectOf(orderNo)));
    const all = await this.clocks.ofAll(context, said);
    const events = said.flatMap((order) => {
      const deadlines = all.get(order.orderNo) ?? [];
      const shown = { card: orderCard(order, deadlines), rooms: orderRooms(order, deadlines, units) };
      return (changes.get(subjectOf(order.orderNo)) ?? []).map(({ type, deadline }) => {
        const told = clockEvent(order, type, deadline, now);
        return { ...told, data: { ...told.data, signal: deadline.signal }, ...shown };
      });
    });
    await this.log.append(tx, origin, events);
  }

  async carryOut(
    context: CommandContext,
    command: OrderCommand,
    notes: readonly Note[] = [],
  ): Promise<Result<OrderResult>> {
    // A number that was given a moment ago has no order yet.
    const before = command.name === 'register' ? null : await this.load(context, command.orderNo);
    const circumstances = await this.circumstances(context, before);
    const decided = decide(before, command, circumstances);
    if (!decided.ok) return decided;
    const after = evolve(before, decided.value);
    const kept = before ? await this.sayDue(context, before, circumstances.deadlines) : [];
    await this.keep(context, before, after, circumstances);
    const clocks = await this.clocks.follow(context, after, kept);
    await this.suspensions.follow(context, before, after);
    const eventId = await this.tell(context, decided.value, after, clocks, circumstances);
    const { orderNo, at, actorId } = decided.value;
    await this.store.addNotes(context.tx, { orderNo, eventId, at, actorId }, notes);
    await this.moveBetweenQueues(context, before, after, kept, clocks);
    return ok({ orderNo, version: after.version });
  }

  /**
   * Readers and rooms as they follow from the units in force now [I6]. Answers whether they were others; then the log
   * says so, and rooms and sockets follow. The order itself stays at its version.
   */
  async refreshReaders(context: CommandContext, orderNo: string): Promise<boolean> {
    const { tx, now, origin } = context;
    const order = await this.load(context, orderNo);
    if (!order) return false;
    const units = await this.lists.units(tx, now);
    const readers = orderReaders(order, units);
    const deadlines = await this.clocks.of(context, orderNo);
    const rooms = orderRooms(order, deadlines, units);
    const readByOthers = await this.store.keepReaders(tx, orderNo, readers.unitIds);
    const shown = await this.store.rooms(tx, orderNo);
    if (!readByOthers && shown.sort().join() === Object.keys(rooms).sort().join()) return false;
    const { units: unitListVersion } = await this.lists.versions(tx, now);
    await this.log.append(tx, origin, [
      {
        subject: subjectOf(orderNo),
        type: 'order.readers_changed',
        at: now,
        version: order.version,
        data: { orderNo, unitListVersion },
        card: orderCard(order, deadlines),
        rooms,
        readers,
      },
    ]);
    return true;
  }

  /** What a decision about the order rests on. */
  async circumstances(context: CommandContext, order: Order | null): Promise<Circumstances> {
    const { tx, actor, now } = context;
    const queueId = order && queueOf(order);
    const listVersions = await this.lists.versions(tx, now);
    return {
      actor,
      now,
      deadlines: order ? await this.clocks.of(context, order.orderNo) : [],
      units: await this.lists.units(tx, now),
      listVersions,
      policy: orderPolicy(this.policy),
      ...(queueId ? await this.queues.seatsOf(context, order.orderNo, queueId) : NO_SEATS),
    };
  }

  private async keep({ tx }: CommandContext, before: Order | null, after: Order, { units }: Circumstances) {
    if (before) await this.store.replace(tx, before, after);
    else await this.store.insert(tx, after);
    // Against the stored ones: since they were written another unit list may have come into force [I6].
    await this.store.keepReaders(tx, after.orderNo, orderReaders(after, units).unitIds);
  }

  /** The order's own event with its card as it is now, and what it did to the order's clocks. */
  private async tell(
    { tx, now, origin }: CommandContext,
    { orderNo, type, at, facts }: OrderEvent,
    after: Order,
    { deadlines, changes }: ClocksAfter,
    { units }: Circumstances,
  ): Promise<string> {
    const own: NewEvent = {
      subject: subjectOf(orderNo),
      type,
      at,
      version: after.version,
      data: { orderNo, ...facts },
      card: orderCard(after, deadlines),
      rooms: orderRooms(after, deadlines, units),
      readers: orderReaders(after, units),
    };
    const ofClocks = changes.map(({ type: change, deadline }) => clockEvent(after, change, deadline, now));
    const [eventId] = await this.log.append(tx, origin, [own, ...ofClocks]);
    return eventId!;
  }

  /** [CK14] A clock that is over is told so before the command ends it: what comes too late never passes for in time. */
  private async sayDue(context: CommandContext, order: Order, kept: readonly Deadline[]): Promise<readonly Deadline[]> {
    const subject = subjectOf(order.orderNo);
    const { deadlines, changes } = await this.saidFirst.sayDue(context, subject, kept);
    if (changes.length > 0) await this.tellClocks(context, [order], new Map([[subject, changes]]));
    return deadlines;
  }

  /** [QS1] What waits in a queue is due when the order's clock is, also when that counts otherwise now. `kept`: its clocks before. */
  async redue(
    context: CommandContext,
    order: Order,
    kept: readonly Deadline[],
    deadlines: readonly Deadline[],
  ): Promise<void> {
    const queueId = queueOf(order);
    if (!queueId) return;
    const policy = orderPolicy(this.policy);
    const after = queueDue(order, policy, deadlines);
    if (isSameDue(queueDue(order, policy, kept), after)) return;
    await this.queues.redue(context, order.orderNo, queueId, after);
  }

  /** An order stands in one queue at most; which one follows from how it stands. */
  private async moveBetweenQueues(
    context: CommandContext,
    before: Order | null,
    after: Order,
    kept: readonly Deadline[],
    { deadlines }: ClocksAfter,
  ): Promise<void> {
    const left = before && queueOf(before);
    const entered = queueOf(after);
    if (left === entered) return this.redue(context, after, kept, deadlines);
    if (left) await this.queues.done(context, after.orderNo, left);
    if (!entered) return;
    await this.queues.enqueue(context, {
      queueId: entered,
      orderNo: after.orderNo,
      critical: after.responseLevel === 'critical',
      ...queueDue(after, orderPolicy(this.policy), deadlines),
      queuedAt: queuedSince(after, context.now),
      kind: after.kind,
      grade: after.grade,
      catalogCode: after.catalogCode,
      areaCode: after.areaCode,
      visibility: after.visibility,
      // What is asked of who does it [RT1].
      field: after.catalogCode === null ? null : await this.lists.topMatter(context.tx, context.now, after.catalogCode),
      dialect: after.dialect ?? null,
      emergency: after.route === 'emergency',
      ...(before === null && context.actor.seatId !== undefined ? { claimedBy: context.actor.seatId } : {}),
    });
  }
}

/** Told in the order's own room; everywhere else the card shows it. */
const clockEvent = (order: Order, type: DeadlineEventType, deadline: Deadline, now: number): NewEvent => ({
  subject: subjectOf(order.orderNo),
  type,
  at: now,
  version: order.version,
  data: {
    orderNo: order.orderNo,
    ...clockFacts(deadline),
    // Where its due is another there may be time again. [CK10]
    ...((type === 'deadline.resumed' || type === 'deadline.recalculated') && { signal: deadline.signal }),
  },
  card: null,
  rooms: { [`order:${order.orderNo}`]: 'full' },
});

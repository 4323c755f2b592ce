import type { RoomHandle } from '@minqing-hub/client-sdk';
import type { OrderCard } from '@minqing-hub/client-sdk/protocol';
import { chance } from './chance.js';
import type { Act, Acting } from './acting.js';
import type { Console } from './consoles.js';

/** Of orders that the record gives to another unit so many are objected to. */
const OBJECTED = 0.7;
/** Of attempts to reach the citizen so many succeed … */
const REACHED = 0.85;
/** … and after so many in vain the work goes on. */
const MOST_ATTEMPTS = 3;
/** Orders that a unit's people work on at the same time. */
const AT_ONCE = 4;

/** Whoever does the next thing for a unit. */
type Who = 'clerk' | 'handler' | 'deputy';
interface Task {
  who: Who;
  act: Act;
}

/**
 * A unit at its console: acknowledges or objects, speaks with the citizen, notes progress. Acts on what the unit's room
 * shows. How a unit behaves is made up (seeded); which unit the record names is not.
 */
export class UnitActor {
  private readonly room: RoomHandle;
  private readonly waiting = new Set<string>();
  private readonly inHand = new Set<string>();
  /** Order → version that the room must show before anything more is done: the effect of the last command. */
  private readonly expected = new Map<string, number>();
  /** Refused once: trying again would be refused again. */
  private readonly givenUp = new Set<string>();
  /** Whose objection the hub did not take: they acknowledge. */
  private readonly resigned = new Set<string>();
  /** Time of the newest event: the hub's clock is at least there. */
  private heardAt = 0;
  private resting = false;

  constructor(
    private readonly unitId: string,
    private readonly clerk: Console,
    private readonly colleague: (role: 'handler' | 'deputy') => Promise<Console>,
    private readonly acting: Acting,
    private readonly failed: (fault: unknown) => void,
    private readonly atOnce = AT_ONCE,
  ) {
    this.room = clerk.rooms.get(`unit:${unitId}`)!;
    this.room.onEvent(({ at, type, data }) => {
      this.heardAt = Math.max(this.heardAt, at);
      this.acting.activity += 1;
      if (data.orderNo) this.acting.latency.shows(data.orderNo, type, clerk.brokenAt);
    });
    this.room.onChange(({ cards }) => {
      for (const key of cards) if (key.startsWith('order:')) this.waiting.add(key.slice('order:'.length));
      this.work();
    });
    for (const key of this.room.cards.keys()) if (key.startsWith('order:')) this.waiting.add(key.slice(6));
    this.work();
  }

  /** What is in hand is finished, nothing more is begun. */
  rest(): void {
    this.resting = true;
  }

  private work(): void {
    for (const orderNo of this.waiting) {
      if (this.resting || this.inHand.size >= this.atOnce) return;
      if (this.inHand.has(orderNo)) continue;
      this.waiting.delete(orderNo);
      const order = this.room.cards.get(`order:${orderNo}`) as OrderCard | undefined;
      if (!order || order.leadUnitId !== this.unitId || this.givenUp.has(orderNo)) continue;
      if (order.version < (this.expected.get(orderNo) ?? 0)) continue;
      const task = this.next(order);
      if (!task) continue;
      this.inHand.add(orderNo);
      this.acting.busy += 1;
      void this.carryOut(order, task)
        .catch(this.failed)
        .finally(() => {
          this.inHand.delete(orderNo);
          this.acting.busy -= 1;
          this.work();
        });
    }
  }

  private async carryOut(order: OrderCard, { who, act }: Task): Promise<void> {
    const { orderNo, version } = order;
    await this.acting.think(who, orderNo, act.name);
    const console = who === 'clerk' ? this.clerk : await this.colleague(who);
    let tried = act.name;
    const after = await this.acting.act(console, order, (now) => {
      const task = this.next(now);
      if (task?.who !== who) return null;
      tried = task.act.name;
      return task.act;
    });
    // The order has moved on: the room shows it already, or is about to.
    if (after === 'moot') this.expected.set(orderNo, version + 1);
    if (after === 'refused') {
      if (tried !== 'object') this.givenUp.add(orderNo);
      this.resigned.add(orderNo);
    }
    if (typeof after === 'number') this.expected.set(orderNo, after);
    this.waiting.add(orderNo);
  }

  private next(order: OrderCard): Task | null {
    const { orderNo, state } = order;
    if (state === 'pending_ack') {
      if (order.awaits === 'objection') {
        return { who: 'deputy', act: { name: 'confirmObjection', payload: {}, event: 'order.objected' } };
      }
      return { who: 'clerk', act: this.objection(order) ?? acknowledgement };
    }
    if (state !== 'handling') return null;
    if (order.contactedAt === null && order.contactAttempts < MOST_ATTEMPTS) {
      return { who: 'handler', act: this.contact(order) };
    }
    if (order.progressCount === 0) {
      const payload = { text: '已核实情况，正在办理', public: true };
      return { who: 'handler', act: { name: 'addProgress', payload, event: 'order.progressed' } };
    }
    this.acting.orders.finish(orderNo);
    return null;
  }

  private objection({ orderNo }: OrderCard): Act | null {
    const row = this.acting.orders.row(orderNo);
    if (!row?.unitId || row.unitId === this.unitId || this.resigned.has(orderNo)) return null;
    if (chance(this.acting.seed, 'objection', row.request.sourceId) >= OBJECTED) return null;
    const payload = { reasonCode: 'not_responsible', basis: '该事项不在本单位职责内', proposedUnitId: row.unitId };
    return { name: 'object', payload, event: 'order.objection_proposed' };
  }

  private contact({ orderNo, contactAttempts }: OrderCard): Act {
    const who = this.acting.orders.row(orderNo)?.request.sourceId ?? orderNo;
    const reached = chance(this.acting.seed, 'contact', who, String(contactAttempts)) < REACHED;
    return {
      name: 'recordContact',
      payload: {
        channel: 'phone',
        at: new Date(Math.max(this.clerk.client.hubNow(), this.heardAt)).toISOString(),
        outcome: reached ? 'reached' : 'no_answer',
        summary: reached ? '已联系诉求人，说明办理安排' : '无人接听',
      },
      event: reached ? 'order.contacted' : 'order.contact_failed',
    };
  }
}

const acknowledgement: Act = { name: 'acknowledge', payload: {}, event: 'order.acknowledged' };

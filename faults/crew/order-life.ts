import { HubProblem, newCommandId } from '@minqing-hub/client-sdk';
import type { CommandName, CommandPayload, OrderDetail } from '@minqing-hub/client-sdk/protocol';
import { clerkOf, deputyOf, handlerOf } from '../../simulation/people.js';
import { untilAnswered } from '../../simulation/until-answered.js';
import { type Flow, Habits } from './flow.js';

const UNITS = ['housing', 'environment', 'cityworks', 'dongcheng', 'xicheng'];
/** The duty list of the demo city gives this matter to a unit by itself. */
const LISTED = { catalogCode: '010101', place: { areaCode: 'SF-DC-1' } };
const SHARES = { listed: 0.3, confidential: 0.12, critical: 0.5, complaint: 0.4, objected: 0.3 };
/** What is due at once and stays with the agent is told overdue: nothing else in a short round has so many signals. */
const NEVER_ACCEPTED = { critical: 0.5, routine: 0.1 };
const MOST_STEPS = 9;

/** One request after the other: taken down, accepted, dispatched, objected to and ruled on, worked on. */
export class OrderLives {
  private readonly habits: Habits;

  constructor(
    private readonly flow: Flow,
    private readonly agent: string,
  ) {
    this.habits = new Habits(flow, agent);
  }

  async one(): Promise<void> {
    const { habits } = this;
    const agent = await this.flow.staff.client(this.agent);
    const confidential = habits.happens(SHARES.confidential);
    const responseLevel = habits.happens(SHARES.critical) ? 'critical' : 'routine';
    const registered = await agent.command('register', {
      channel: '12345',
      source: 'faults',
      sourceId: newCommandId(),
      title: '路面破损',
      text: '人行道地砖松动，雨天积水',
      kind: habits.happens(SHARES.complaint) ? 'complaint' : 'resolution',
      grade: habits.oneOf(['urgent', 'fast', 'normal']),
      responseLevel,
      requester: { name: '来电人', phone: '13900000000' },
      ...(confidential && { visibility: 'confidential' as const }),
      ...(habits.happens(SHARES.listed) && LISTED),
    });
    await habits.think();
    if (!registered.ok || habits.happens(NEVER_ACCEPTED[responseLevel])) return;
    const { orderNo, version } = registered.result;
    const accepted = await agent.command('accept', { orderNo, expectedVersion: version, noPlace: true });
    if (!accepted.ok) return;
    if (!confidential) return this.goOn(orderNo);
    const dispatcher = await this.flow.staff.client('dispatcher01');
    const { version: expectedVersion } = accepted.result;
    await dispatcher.command('dispatch', { orderNo, expectedVersion, unitId: habits.oneOf(UNITS) });
  }

  private async goOn(orderNo: string): Promise<void> {
    for (let step = 0; step < MOST_STEPS && this.flow.going; step += 1) {
      await this.habits.think();
      const order = await this.read(orderNo);
      if (!order || !(await this.next(order))) return;
    }
  }

  /** Answers whether it goes on. */
  private async next({ orderNo, version, state, awaits, leadUnitId: lead, ...order }: OrderDetail): Promise<boolean> {
    const { habits } = this;
    const on = { orderNo, expectedVersion: version };
    if (state === 'pending_dispatch') {
      const unitId = UNITS.find((unit) => !order.visitedUnitIds.includes(unit)) ?? UNITS[0]!;
      return this.issue(habits.oneOf(['dispatcher01', 'dispatcher02']), 'dispatch', { ...on, unitId });
    }
    if (state === 'under_arbitration') {
      const reason = '按职责清单裁决';
      if (habits.happens(0.5)) return this.issue('arbiter01', 'overruleObjection', { ...on, reason });
      if (habits.happens(0.6)) return this.issue('arbiter01', 'upholdObjection', { ...on, reason });
      return this.issue('arbiter01', 'assignFirstReceiver', { ...on, reason, basis: 'first_receiver' });
    }
    if (lead === null) return false;
    if (state === 'pending_ack' && awaits === 'objection') return this.issue(deputyOf(lead), 'confirmObjection', on);
    if (state === 'pending_ack' && order.hops < 3 && habits.happens(SHARES.objected)) {
      const proposedUnitId = habits.oneOf(UNITS.filter((unit) => unit !== lead));
      return this.issue(clerkOf(lead), 'object', {
        ...on,
        reasonCode: 'not_responsible',
        basis: '不在职责内',
        proposedUnitId,
      });
    }
    if (state === 'pending_ack') return this.issue(clerkOf(lead), 'acknowledge', on);
    if (state !== 'handling') return false;
    this.flow.handled.push({ orderNo, unitId: lead });
    if (order.contactedAt === null) {
      const at = new Date((await this.flow.staff.client(handlerOf(lead))).hubNow()).toISOString();
      const outcome = habits.oneOf(['reached', 'no_answer'] as const);
      return this.issue(handlerOf(lead), 'recordContact', {
        orderNo,
        channel: 'phone',
        at,
        outcome,
        summary: '已联系',
      });
    }
    return this.issue(handlerOf(lead), 'addProgress', { orderNo, text: '正在办理', public: true });
  }

  private async issue<N extends CommandName>(user: string, name: N, payload: CommandPayload<N>): Promise<boolean> {
    const answer = await (await this.flow.staff.client(user)).command(name, payload);
    // Somebody else was quicker, or the order has moved on: it is looked at again.
    return answer.ok || answer.error.code === 'version_conflict';
  }

  private async read(orderNo: string): Promise<OrderDetail | undefined> {
    const { http } = await this.flow.staff.client('supervisor01');
    try {
      return await untilAnswered(() => http.get<OrderDetail>(`/api/orders/${orderNo}`), this.habits.random);
    } catch (problem) {
      if (problem instanceof HubProblem) return undefined;
      throw problem;
    }
  }
}

import type { Actor, Role, UnitRow } from '../../client-sdk/src/protocol/index.js';
import { WorkCalendar } from '../../src/domain/calendar/work-calendar.js';
import type { ClockPolicy } from '../../src/domain/clock/clock-policy.js';
import type { Deadline } from '../../src/domain/clock/deadline.js';
import type { Limit } from '../../src/domain/clock/due-after.js';
import { followOrder } from '../../src/domain/clock/follow-order.js';
import { raise } from '../../src/domain/clock/signals.js';
import { UnitTree } from '../../src/domain/lists/unit-tree.js';
import { NO_LABELS } from '../../src/domain/intake/codes.js';
import { decide } from '../../src/domain/order/decide.js';
import { evolve } from '../../src/domain/order/evolve.js';
import type { OrderCommand } from '../../src/domain/order/order-command.js';
import type { OrderEvent } from '../../src/domain/order/order-event.js';
import type { OrderPolicy } from '../../src/domain/order/order-policy.js';
import type { Order } from '../../src/domain/order/order.js';
import type { Circumstances } from '../../src/domain/order/situation.js';
import type { Refusal } from '../../src/domain/result.js';

/** Small city: two bureaus (one with two offices), a street with two communities, and a bureau that was closed. */
export const CITY = new UnitTree([
  unit('city', null, 'A'),
  unit('housing', 'city'),
  unit('housing-repairs', 'housing'),
  unit('housing-leases', 'housing'),
  unit('water', 'city'),
  unit('street', 'city', 'A1'),
  unit('north', 'street', 'A11'),
  unit('south', 'street', 'A12'),
  { ...unit('abolished', 'city'), active: false },
]);
export const OPEN_UNITS = CITY.all().filter(({ active }) => active);

function unit(unitId: string, parentId: string | null, areaCode: string | null = null): UnitRow {
  const level = parentId === null ? 'city' : 'bureau';
  return { unitId, name: unitId, type: level, level, parentId, areaCode, areaType: null, active: true };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const POLICY: OrderPolicy = {
  dispatchLimitMs: { urgent: 30 * 60_000, fast: 120 * 60_000, normal: 480 * 60_000 },
  escalationLimitMs: 120 * 60_000,
  confidenceGate: 0.6,
  contactSkewMs: 2_000,
  objectionConfirmation: 'deputy_leader',
  extension: { maxCount: 1, maxShare: 1, deskMs: 120 * 60_000 },
  suspension: { maxCount: 1, maxDays: 365, deskMs: 480 * 60_000 },
  unreachable: { attempts: 3, apartMs: 2 * HOUR_MS, bands: 2, message: true, fromHour: 8, toHour: 21 },
};

const wall = (ms: number): Limit => ({ basis: 'wall', amount: ms });
const workdays = (amount: number): Limit => ({ basis: 'workday', amount });
const byGrade = (urgent: number, fast: number, normal: Limit) => ({ urgent: wall(urgent), fast: wall(fast), normal });

/** The rule book's own numbers. */
export const CLOCK_POLICY: ClockPolicy = {
  version: 1,
  amber: { share: 0.2, leastMs: 10 * MINUTE_MS },
  repeats: [1, 3],
  atOnceMs: MINUTE_MS,
  accept: { urgent: wall(10 * MINUTE_MS), other: wall(2 * HOUR_MS) },
  dispatchMs: POLICY.dispatchLimitMs,
  ack: byGrade(30 * MINUTE_MS, 2 * HOUR_MS, workdays(1)),
  objection: byGrade(30 * MINUTE_MS, 2 * HOUR_MS, workdays(1)),
  contact: {
    limit: wall(24 * HOUR_MS),
    start: 'dispatched',
    quiet: { fromHour: 21, toHour: 8, warnMs: HOUR_MS },
  },
  handling: {
    byKind: {
      consultation: workdays(3),
      suggestion: workdays(15),
      resolution: workdays(20),
      complaint: workdays(30),
    },
    simple: workdays(3),
    simpleTarget: workdays(1),
    emergency: wall(24 * HOUR_MS),
    expedited: workdays(3),
    fast: null,
  },
  arbitration: byGrade(30 * MINUTE_MS, HOUR_MS, wall(4 * HOUR_MS)),
  signWithin: 3,
  evaluation: wall(7 * 24 * HOUR_MS),
  rework: workdays(5),
};

/** Weekends are free, and nothing else: notices have specs of their own. */
export const CALENDAR = new WorkCalendar([], () => []);

/** The clocks of an order after it became so, and what they have said by now. */
export function clocksAfter(order: Order, kept: readonly Deadline[], now: number): Deadline[] {
  const said = kept.map((deadline) => raise(deadline, now, CALENDAR).after);
  return followOrder({ kept: said, order, now, policy: CLOCK_POLICY, calendar: CALENDAR }).deadlines;
}

export const LIST_VERSIONS = { units: 1, catalogue: 2, duties: 3, standards: 0 };

/** Somebody with one role; a second one of the same role has another name. */
export function person(role: Role, unitId: string | null = null, name = '001'): Actor {
  const seat = ['agent', 'dispatcher', 'arbiter', 'shift_leader'].includes(role) ? { seatId: `${role}-${name}` } : {};
  return { userId: `${role}-${unitId ?? name}`, name: role, roles: [role], unitId, ...seat };
}
export const agent = person('agent');
export const shiftLeader = person('shift_leader');
export const dispatcher = person('dispatcher');
export const arbiter = person('arbiter');
export const supervisor = person('supervisor');
export const system: Actor = { userId: 'system', name: '系统', roles: ['system'], unitId: null };
export const clerk = (unitId: string): Actor => person('unit_clerk', unitId);
export const deputy = (unitId: string): Actor => person('deputy_leader', unitId);
export const handler = (unitId: string): Actor => person('handler', unitId);

export const REGISTRATION: OrderCommand<'register'> = {
  name: 'register',
  orderNo: 'GD1',
  requestNo: 'SQ1',
  visibility: 'internal',
  kind: 'resolution',
  grade: 'normal',
  responseLevel: 'routine',
  route: 'simple',
  labels: NO_LABELS,
  channel: '12345',
  catalogCode: 'pipes',
  areaCode: 'A11',
  hasPlace: true,
  hasContact: true,
  hasText: true,
};

/** Monday 2 March 2026, 09:00 in China. */
export const START = Date.UTC(2026, 2, 2, 1);

/** A command without what follows from the order it is for. */
export type Call = OrderCommand extends infer C
  ? C extends unknown
    ? Omit<C, 'orderNo'> & { orderNo?: string }
    : never
  : never;

/** One order and what befalls it: commands through the rule book, a minute apart. */
export class Case {
  order: Order | null = null;
  /** Its clocks, as the last command left them. */
  deadlines: Deadline[] = [];
  readonly events: OrderEvent[] = [];
  now = START;

  constructor(readonly given: Partial<Circumstances> = {}) {}

  /** An order as registered, with some facts otherwise. */
  static registered(facts: Partial<OrderCommand<'register'>> = {}, given: Partial<Circumstances> = {}): Case {
    return new Case(given).does(agent, { ...REGISTRATION, ...facts });
  }

  static accepted(facts: Partial<OrderCommand<'register'>> = {}, given: Partial<Circumstances> = {}): Case {
    return Case.registered(facts, given).does(agent, { name: 'accept', catalogueKnows: true });
  }

  static dispatched(unitId = 'housing', given: Partial<Circumstances> = {}): Case {
    return Case.accepted({}, given).does(dispatcher, { name: 'dispatch', unitId, suggestion: null });
  }

  static handled(unitId = 'housing'): Case {
    return Case.dispatched(unitId).does(clerk(unitId), { name: 'acknowledge' });
  }

  static objected(unitId = 'housing'): Case {
    return Case.dispatched(unitId).does(deputy(unitId), objection('water'));
  }

  /** What the rule book says; nothing is kept. `now` does not move. */
  asks(actor: Actor, call: Call, given: Partial<Circumstances> = {}) {
    const command = { orderNo: 'GD1', ...call };
    return decide(this.order, command, {
      actor,
      now: this.now,
      deadlines: this.deadlines.map((deadline) => raise(deadline, this.now, CALENDAR).after),
      units: CITY,
      listVersions: LIST_VERSIONS,
      policy: POLICY,
      holderSeatId: null,
      offeredSeatId: null,
      ...this.given,
      ...given,
    });
  }

  /** The refusal; it is wrong of the rule book to agree. */
  refuses(actor: Actor, call: Call, given: Partial<Circumstances> = {}): Refusal {
    const answer = this.asks(actor, call, given);
    if (answer.ok) throw new Error(`${call.name} was allowed`);
    return answer.error;
  }

  does(actor: Actor, call: Call, given: Partial<Circumstances> = {}): this {
    this.now += 60_000;
    const answer = this.asks(actor, call, given);
    if (!answer.ok) throw new Error(`${call.name}: ${answer.error.code} ${answer.error.message}`);
    this.order = evolve(this.order, answer.value);
    this.deadlines = clocksAfter(this.order, this.deadlines, this.now);
    this.events.push(answer.value);
    return this;
  }

  /** Nothing happens for so long, ms. */
  waits(ms: number): this {
    this.now += ms;
    return this;
  }

  /** The order as it stands. */
  get stands(): Order {
    return this.order!;
  }

  get last(): OrderEvent {
    return this.events.at(-1)!;
  }
}

export const objection = (proposedUnitId: string): Call => ({
  name: 'object',
  reasonCode: 'not_our_duty',
  basis: '依据',
  proposedUnitId,
});

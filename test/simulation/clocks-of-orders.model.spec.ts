import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { CommandName, Grade, Kind, OrderDetail, ResponseLevel, Route } from '@minqing-hub/client-sdk/protocol';
import { holdAgainstLog } from '../../simulation/month/hold-against-log.js';
import { clocksExpected, type CalendarSince } from '../../simulation/month/oracle.js';
import { nameOfDay, dayAt, type Notice, WorkDays } from '../../simulation/month/work-days.js';
import { newId, newRequest } from '../support/consoles.js';
import { FakeClock } from '../support/fake-clock.js';
import { copyOf, demoFolder, openOrderBench, type OrderBench, removed } from '../support/order-bench.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
/** Ten days before a Spring Festival whose notice is not out. */
const BEGIN = Date.parse('2027-01-25T08:00:00+08:00');

const which = fc.nat(1_000);
const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);

const deed = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      deed: fc.constant('register' as const),
      matter: fc.record({
        kind: oneOf<Kind>('consultation', 'suggestion', 'resolution', 'complaint'),
        grade: oneOf<Grade>('urgent', 'fast', 'normal', 'normal'),
        responseLevel: oneOf<ResponseLevel>('routine', 'routine', 'routine', 'expedited', 'critical', 'disputed'),
        route: oneOf<Route>('coordination', 'coordination', 'simple', 'emergency'),
      }),
      catalogCode: oneOf(undefined, undefined, '010101', '020102', '060101', '040201'),
    }),
  },
  { weight: 18, arbitrary: fc.record({ deed: fc.constant('act' as const), which, choice: which }) },
  // To just before, or just after, the next thing that a clock has to say, with nobody told of it.
  {
    weight: 10,
    arbitrary: fc.record({ deed: fc.constant('near' as const), byMs: fc.integer({ min: -3_000, max: 3_000 }) }),
  },
  { weight: 5, arbitrary: fc.record({ deed: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 5_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ deed: fc.constant('leap' as const), ms: fc.integer({ min: HOUR, max: 4 * DAY }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ deed: fc.constant('restart' as const), offMs: fc.integer({ min: 0, max: DAY }) }),
  },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('notice' as const), long: fc.boolean() }) },
);
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;

interface Act {
  by: string;
  name: CommandName;
  payload?: object;
}

const BELOW: Record<string, string> = {
  housing: 'housing-property',
  dongcheng: 'dc-cityworks',
  xicheng: 'xc-cityworks',
};
const ABOVE = Object.fromEntries(Object.entries(BELOW).map(([upper, lower]) => [lower, upper]));
const UNITS = ['housing', 'dongcheng', 'environment', 'xicheng'];

/** What people may try with an order as it stands; the rule book says whether they may. */
function possible({ state, leadUnitId, awaits, route }: OrderDetail, now: number): Act[] {
  const lead = leadUnitId ?? 'housing';
  const [clerk, deputy, handler] = [`unit-${lead}`, `deputy-${lead}`, `handler-${lead}`];
  const contact = (outcome: string, channel = 'phone', agoMs = 0): Act => ({
    by: clerk,
    name: 'recordContact',
    payload: { channel, outcome, summary: '联系', at: new Date(now - agoMs).toISOString() },
  });
  const contacts = [
    contact('reached'),
    contact('no_answer'),
    contact('no_answer'),
    contact('no_answer', 'sms'),
    contact('reached', 'phone', HOUR),
    contact('no_answer', 'phone', HOUR),
  ];
  const more: Act[] = BELOW[lead] ? [{ by: clerk, name: 'redispatchDown', payload: { unitId: BELOW[lead] } }] : [];
  if (ABOVE[lead])
    more.push({ by: clerk, name: 'escalateLevel', payload: { toUnitId: ABOVE[lead], reason: '需上级办理' } });
  if (awaits === 'escalation') more.push({ by: 'dispatcher01', name: 'confirmEscalation' });
  switch (state) {
    case 'registered':
      return [
        { by: 'agent001', name: 'accept', payload: { noPlace: true } },
        { by: 'agent001', name: 'accept', payload: { noPlace: true, grade: 'urgent', route } },
        { by: 'agent001', name: 'accept', payload: { noPlace: true, kind: 'complaint' } },
        {
          by: 'agent001',
          name: 'answerDirectly',
          payload: { answer: '已办', solvedOnTheSpot: true, evidence: '照片' },
        },
        awaits === 'refusal'
          ? { by: 'leader01', name: 'confirmRefusal' }
          : { by: 'agent001', name: 'refuse', payload: { reasonCode: 'out_of_scope', alternativeChannel: '12348' } },
      ];
    case 'pending_dispatch':
      return UNITS.map((unitId) => ({ by: 'dispatcher01', name: 'dispatch', payload: { unitId } }));
    case 'pending_ack':
      return [
        { by: clerk, name: 'acknowledge' },
        awaits === 'objection'
          ? { by: deputy, name: 'confirmObjection' }
          : {
              by: clerk,
              name: 'object',
              payload: { reasonCode: 'not_responsible', basis: '不在职责内', proposedUnitId: 'market' },
            },
        ...contacts.slice(0, 2),
        ...more,
      ];
    case 'under_arbitration':
      return [
        { by: 'arbiter01', name: 'upholdObjection', payload: { reason: '理由' } },
        { by: 'arbiter01', name: 'upholdObjection', payload: { reason: '理由', nextUnitId: 'environment' } },
        { by: 'arbiter01', name: 'overruleObjection', payload: { reason: '理由' } },
        { by: 'arbiter01', name: 'assignFirstReceiver', payload: { basis: 'first_receiver', reason: '理由' } },
        contacts[0]!,
      ];
    case 'handling':
    case 'suspended':
      return [
        ...contacts,
        ...more,
        { by: handler, name: 'promiseDue', payload: { dueOn: nameOfDay(dayAt(now) + 2) } },
        awaits === 'extension'
          ? { by: deputy, name: 'approveExtension' }
          : { by: handler, name: 'requestExtension', payload: { extra: 2, reason: '需要时间' } },
        { by: 'dispatcher01', name: awaits === 'suspension' ? 'approveSuspension' : 'approveExtension' },
        awaits === 'suspension'
          ? { by: deputy, name: 'approveSuspension' }
          : {
              by: handler,
              name: 'requestSuspension',
              payload: { reasonCode: 'third_party', until: nameOfDay(dayAt(now) + 5), reason: '等待' },
            },
        { by: clerk, name: 'resume', payload: {} },
        ...(awaits === 'extension' || awaits === 'suspension' ? [{ by: handler, name: 'cancelRequest' } as const] : []),
      ];
    default:
      return [];
  }
}

const notices = (JSON.parse(readFileSync('config/calendar/notices.json', 'utf8')) as Notice[]).filter(
  ({ year }) => year === 2026,
);

/** A notice of 2027 as it may come, with a shorter or a longer holiday and other days that are worked for it. */
function noticeOf(long: boolean): Notice {
  const off = ['01-01', ...days(2, 5, long ? 10 : 7), '04-05', '05-01', '05-02', '06-09', '09-15', ...days(10, 1, 7)];
  return {
    year: 2027,
    off: off.map((day) => `2027-${day}`),
    work: (long ? ['01-30', '02-20'] : ['01-31']).map((day) => `2027-${day}`),
  };
}

const days = (month: number, from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${String(month).padStart(2, '0')}-${String(from + i).padStart(2, '0')}`);

/** A hub with orders, beside the times at which calendars came. */
class Model {
  private readonly orders: string[] = [];
  private readonly calendars: CalendarSince[] = [{ at: 0, days: new WorkDays(spread(notices)) }];

  private constructor(private bench: OrderBench) {}

  static async open(demo: string): Promise<Model> {
    return new Model(await openOrderBench({ folder: await copyOf(demo), clock: new FakeClock(BEGIN) }));
  }

  async do(given: Deed): Promise<void> {
    const { bench } = this;
    switch (given.deed) {
      case 'register': {
        const { matter, catalogCode } = given;
        const { kind: _kind, grade: _grade, ...request } = newRequest(this.orders.length);
        const payload = {
          ...request,
          ...matter,
          ...(catalogCode && { catalogCode }),
          source: 'app',
          sourceId: newId(),
        };
        this.orders.push((await bench.act('agent001', 'register', payload)).orderNo);
        return;
      }
      case 'act': {
        const orderNo = this.orders[given.which % this.orders.length];
        return orderNo === undefined ? undefined : this.act(orderNo, given.choice);
      }
      case 'near':
        return this.goNear(given.byMs);
      case 'pass':
        return this.pass(given.ms);
      case 'leap':
        bench.leap(given.ms);
        return this.pass(2 * SECOND);
      case 'restart':
        await bench.stop();
        bench.leap(given.offMs);
        this.bench = await openOrderBench(bench);
        return this.hold();
      case 'notice':
        return this.importNotice(noticeOf(given.long));
    }
  }

  /** Time for everything that has been begun, and for what follows from that. */
  async end(): Promise<void> {
    await this.pass(2 * SECOND);
    this.bench.leap(3 * DAY);
    await this.pass(2 * SECOND);
    await this.bench.stop();
    await removed(this.bench.folder);
  }

  /** After a second at most nothing is left to be said. */
  private async pass(ms: number): Promise<void> {
    await this.bench.pass(ms);
    if (ms > SECOND) await this.hold();
  }

  private async act(orderNo: string, choice: number): Promise<void> {
    const order = await this.bench.order(orderNo);
    const acts = possible(order, this.bench.clock.now());
    const act = acts[choice % acts.length];
    if (!act) return;
    await this.bench.ask(act.by, act.name, { orderNo, expectedVersion: order.version, ...act.payload });
    await this.bench.settled();
  }

  private async goNear(byMs: number): Promise<void> {
    const now = this.bench.clock.now();
    const next = (await this.expected(now)).flatMap(({ signals }) => signals.filter(({ at }) => at > now));
    const at = Math.min(...next.map((signal) => signal.at)) + byMs;
    if (Number.isFinite(at) && at > now) this.bench.leap(at - now);
  }

  private async importNotice(notice: Notice): Promise<void> {
    const { year, off, work } = notice;
    const rows = [...off.map((date) => ({ date, isOffDay: true })), ...work.map((date) => ({ date, isOffDay: false }))];
    const text = JSON.stringify({ year, days: rows });
    await this.bench.pass(2 * SECOND);
    const at = this.bench.clock.now();
    const { status } = await this.bench.act('admin', 'importHolidayNotice', { text, source: '通知' });
    if (status === 'imported') this.calendars.push({ at, days: new WorkDays([...spread(notices), notice]) });
    await this.bench.settled();
  }

  private async expected(until: number) {
    const all = this.orders.map(async (orderNo) =>
      clocksExpected(
        await this.bench.trail(orderNo),
        (await this.bench.order(orderNo)).standard,
        this.calendars,
        until,
      ),
    );
    return (await Promise.all(all)).flat();
  }

  private async hold(): Promise<void> {
    for (const orderNo of this.orders) {
      const trail = await this.bench.trail(orderNo);
      const standard = (await this.bench.order(orderNo)).standard;
      const expected = clocksExpected(trail, standard, this.calendars, this.bench.clock.now());
      const { missing, twice, early, afterStop, differing } = holdAgainstLog(orderNo, trail, expected);
      expect({ missing, twice, early, afterStop, differing }).toEqual(NOTHING_WRONG);
    }
  }
}

const NOTHING_WRONG = { missing: [], twice: [], early: [], afterStop: [], differing: [] };

/** `2026-02-15/2026-02-23` is each of its days. */
function spread(all: readonly Notice[]): Notice[] {
  const each = (span: string): string[] => {
    const [from, to = from] = span.split('/').map((day) => Date.parse(`${day}T00:00:00Z`) / DAY);
    return Array.from({ length: to! - from! + 1 }, (_, i) => nameOfDay(from! + i));
  };
  return all.map(({ year, off, work }) => ({ year, off: off.flatMap(each), work: work.flatMap(each) }));
}

describe('the clocks of orders', () => {
  let demo: string;
  beforeAll(async () => {
    demo = await demoFolder(BEGIN);
  });
  afterAll(() => removed(demo));

  it('[I5] [CK10] [CK12] say what the rule book gives them to say, once, in time, whatever people, notices and the hub’s own rests do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 20, maxLength: 80 }), async (deeds) => {
        const model = await Model.open(demo);
        for (const each of deeds) await model.do(each);
        await model.end();
      }),
      { numRuns: 14 },
    );
  }, 600_000);
});

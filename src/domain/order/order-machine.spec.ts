import * as fc from 'fast-check';
import type { Actor, OrderStage, Role } from '@minqing-hub/client-sdk/protocol';
import {
  agent,
  CALENDAR,
  Case,
  CITY,
  clerk,
  clocksAfter,
  dispatcher,
  LIST_VERSIONS,
  person,
  POLICY,
  REGISTRATION,
  START,
} from '../../../test/support/rule-book.js';
import { dayOf, endOf, plusDays } from '../calendar/day.js';
import type { Deadline } from '../clock/deadline.js';
import { raise } from '../clock/signals.js';
import { decide } from './decide.js';
import { evolve, fold } from './evolve.js';
import type { OrderCommand, OrderCommandName } from './order-command.js';
import { movesVersion, type OrderEvent } from './order-event.js';
import { isCurrent, leadOf, type Order } from './order.js';
import { queueOf } from './queue-of.js';
import { isOneOf, TERMINAL, WITH_UNIT } from './stages.js';
import { type Transition, TRANSITIONS } from './transitions.js';

/** The numbers that a step's choices are made from. */
interface Step {
  command: number;
  /** Most steps choose what is possible now, so that sequences go deep; the others anything. */
  fitting: boolean;
  who: number;
  unit: number;
  other: number;
  flag: boolean;
  stale: boolean;
  minutes: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  command: fc.nat(99),
  fitting: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
  who: fc.nat(99),
  unit: fc.nat(99),
  other: fc.nat(99),
  flag: fc.boolean(),
  stale: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  minutes: fc.integer({ min: 0, max: 300 }),
});

const UNITS = CITY.all().map(({ unitId }) => unitId);
const COMMANDS = [...new Set(TRANSITIONS.map(({ command }) => command))].filter((name) => name !== 'register');
const ROLES = [...new Set(TRANSITIONS.flatMap(({ who }) => who))];
const pick = <T>(from: readonly T[], n: number): T => from[n % from.length]!;

function actorFor(role: Role, unitId: string, flag: boolean): Actor {
  const ofUnit = ['unit_clerk', 'handler', 'deputy_leader', 'village_worker'].includes(role);
  return person(role, ofUnit ? unitId : null, flag ? '001' : '002');
}

function suggestionFor(unitId: string, flag: boolean) {
  return {
    unitId,
    assistUnitIds: [],
    source: 'duty_rule' as const,
    ruleId: 'R1',
    confidence: flag ? 0.9 : 0.3,
    listVersions: LIST_VERSIONS,
    legalBasis: null,
    sentence: '',
  };
}

/** Some command of this name, well formed or not. */
function commandOf(name: OrderCommandName, order: Order, primary: Order, s: Step, now: number): OrderCommand {
  const unitId = pick(UNITS, s.unit);
  const other = pick(UNITS, s.other);
  const base = { orderNo: order.orderNo, expectedVersion: s.stale ? order.version - 1 : order.version };
  const reasonCode = 'out_of_scope';
  switch (name) {
    case 'answerDirectly':
      return {
        ...{ name, ...base, answer: '答复', solvedOnTheSpot: s.flag, evidence: '凭据', knowledgeRef: 'K1' },
        ...(s.other % 2 === 0 ? { article: { articleId: 'kb-a', version: 1 + s.other, expired: s.stale } } : {}),
      };
    case 'refuse':
      return { name, ...base, reasonCode, alternativeChannel: '12348' };
    case 'accept':
      return { name, ...base, catalogueKnows: s.flag, ...(s.other % 3 === 0 ? { route: 'emergency' } : {}) };
    case 'merge':
      return { name, ...base, primaryOrderNo: primary.orderNo, primary, samePerson: s.flag };
    case 'receiveMerge':
      return { name, orderNo: order.orderNo, mergedOrderNo: primary.orderNo };
    case 'dispatch':
      return { name, ...base, unitId, assistUnitIds: s.flag ? [other] : [], suggestion: suggestionFor(unitId, s.flag) };
    case 'deferDispatch':
      return { name, orderNo: order.orderNo, cause: 'no_duty_rule', suggestion: null };
    case 'object':
      return { name, ...base, reasonCode, basis: '依据', proposedUnitId: unitId };
    case 'upholdObjection':
      return { name, ...base, reason: '理由', ...(s.flag ? { nextUnitId: unitId } : {}) };
    case 'assignFirstReceiver':
      return { name, ...base, reason: '理由', basis: s.flag ? 'fallback' : 'first_receiver', fallbackUnitId: unitId };
    case 'recordContact':
      return {
        name,
        ...base,
        channel: 'phone',
        at: now - (s.other % 60) * 60_000,
        outcome: s.flag ? 'reached' : 'no_answer',
        summary: '摘要',
      };
    case 'assignHandler':
      return { name, ...base, handlerId: 'h', handler: s.flag ? person('handler', unitId) : null };
    case 'escalateLevel':
      return { name, ...base, toUnitId: unitId, reason: '理由' };
    case 'redispatchDown':
      return { name, ...base, unitId };
    case 'promiseDue':
      return { name, ...base, dueAt: endOf(plusDays(dayOf(now), (s.other % 4) - 1)) };
    case 'requestExtension':
      return { name, ...base, extra: 1 + (s.other % 4), reason: '理由' };
    case 'requestSuspension':
      return {
        name,
        ...base,
        reasonCode: 'third_party',
        until: endOf(plusDays(dayOf(now), s.other % 2)),
        reason: '理由',
      };
    case 'openSupervision':
      return { name, ...base, kind: pick(['routine', 'special', 'dual'] as const, s.other), reason: '理由' };
    case 'overruleObjection':
    case 'declineProposal':
      return { name, ...base, reason: '理由' };
    case 'addProgress':
    case 'ask':
    case 'reply':
    case 'urge':
      return { name, ...base, text: '文字' };
    case 'register':
      return REGISTRATION;
    case 'autoAcknowledge':
    case 'lapseRequest':
      return { name, orderNo: order.orderNo };
    case 'confirmRefusal':
    case 'acknowledge':
    case 'confirmObjection':
    case 'confirmEscalation':
    case 'approveExtension':
    case 'approveSuspension':
    case 'cancelRequest':
    case 'resume':
      return { name, ...base };
  }
}

interface Happening {
  before: Order;
  command: OrderCommand;
  actor: Actor;
  event: OrderEvent;
  after: Order;
  now: number;
  /** Clocks that began with it. */
  began: Deadline[];
}

/** Plays the steps on one order; tells everything that happened, and every order that came about. */
function play(
  steps: readonly Step[],
  begun = Case.registered({ kind: 'consultation' }),
): { events: OrderEvent[]; happened: Happening[]; order: Order; deadlines: Deadline[] } {
  const given = { units: CITY, listVersions: LIST_VERSIONS, policy: POLICY, holderSeatId: null, offeredSeatId: null };
  let { now, stands: order, deadlines } = begun;
  const events = [...begun.events];
  const primary: Order = { ...order, orderNo: 'GD0' };
  const happened: Happening[] = [];
  for (const s of steps) {
    now += s.minutes * 60_000;
    const rows = s.fitting ? possibleIn(order, s) : [];
    const row = rows.length ? pick(rows, s.command) : undefined;
    const name = row?.command ?? pick(COMMANDS, s.command);
    const lead = leadOf(order)?.unitId;
    const unitId = s.fitting && lead ? lead : pick(UNITS, s.unit);
    const actor = actorFor(pick(row?.who ?? ROLES, s.who), unitId, s.flag);
    const command = commandOf(name, order, primary, s, now);
    deadlines = deadlines.map((deadline) => raise(deadline, now, CALENDAR).after);
    const decided = decide(order, command, { ...given, deadlines, actor, now });
    if (!decided.ok) continue;
    const after = evolve(order, decided.value);
    const clocks = clocksAfter(after, deadlines, now);
    const began = clocks.filter(({ clockId }) => !deadlines.some((one) => one.clockId === clockId));
    happened.push({ before: order, command, actor, event: decided.value, after, now, began });
    events.push(decided.value);
    [order, deadlines] = [after, clocks];
  }
  return { events, happened, order, deadlines };
}

/** A unit has spoken with the requester and works on it: as far as few sequences come by themselves. */
const worked = (): Case => {
  const taken = Case.registered({ route: 'coordination' })
    .does(agent, { name: 'accept', catalogueKnows: true })
    .does(dispatcher, { name: 'dispatch', unitId: 'north', suggestion: null });
  const call = { name: 'recordContact', channel: 'phone', at: taken.now, outcome: 'reached', summary: '摘要' } as const;
  return taken.does(clerk('north'), call);
};

/**
 * Rows that end the order are chosen seldom: most of the table lies behind. What waits for somebody's word gets it often:
 * what needs two would seldom get both. What stands still the hub tries
 * to go on with as often.
 */
function possibleIn({ state, proposal }: Order, { other }: Step): readonly Pick<Transition, 'command' | 'who'>[] {
  const possible = TRANSITIONS.filter(
    ({ from, to }) => from.includes(state) && (other % 12 === 0 || !isOneOf(to, TERMINAL)),
  );
  if (other % 3 > 0 || (!proposal && state !== 'suspended')) return possible;
  return possible.filter(({ command, who }) =>
    state === 'suspended' ? who.includes('system') : /^(confirm|approve|decline)/.test(command),
  );
}

const rowFor = ({ before, command, actor, event, after }: Happening): Transition | undefined =>
  (TRANSITIONS as readonly Transition[]).find(
    (row) =>
      row.command === command.name &&
      row.event === event.type &&
      row.from.includes(before.state) &&
      row.who.some((role) => actor.roles.includes(role)) &&
      after.state === (row.to === '↺' ? before.state : row.to),
  );

const sequences = fc.array(step, { maxLength: 60, size: 'max' });

describe('any sequence of commands on an order', () => {
  it('never leaves the table of transitions', () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        for (const happening of play(steps).happened) expect(rowFor(happening)).toBeDefined();
      }),
      { numRuns: 400 },
    );
  });

  it('moves the version by one with each event, but for those that only stand beside the order', () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        for (const { before, event, after } of play(steps).happened) {
          expect(event.version).toBe(before.version + (movesVersion(event.type) ? 1 : 0));
          expect(after.version).toBe(event.version);
          if (after.state !== before.state) expect(after.version).toBe(before.version + 1);
        }
      }),
    );
  });

  it('[CK15] begins clocks with the facts of the order, now or for one of before there were clocks', () => {
    const untouched = ({ state, extra, pausedMs, promisedDueAt }: Deadline) =>
      state === 'running' && extra === 0 && pausedMs === 0 && promisedDueAt === null;
    const seen = new Set<string>();
    fc.assert(
      fc.property(sequences, fc.nat(1_000), (steps, hours) => {
        const { happened, order, deadlines } = play(steps);
        for (const { began, now } of happened) for (const { startedAt } of began) expect(startedAt).toBe(now);
        const late = clocksAfter(order, [], (happened.at(-1)?.now ?? order.registeredAt) + hours * 3_600_000);
        for (const { clockId, clock, startedAt, dueAt } of deadlines.filter(untouched)) {
          seen.add(clock);
          expect(late.find((one) => one.clockId === clockId)).toMatchObject({ startedAt, dueAt });
        }
      }),
      { numRuns: 400 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining(['ACCEPT', 'ACK', 'CONTACT_CITIZEN', 'CONTACT_UNIT', 'DISPATCH', 'HANDLING']),
    );
    // Random steps seldom come to an arbiter.
    const objected = Case.objected();
    const late = clocksAfter(objected.stands, [], objected.now + 24 * 3_600_000);
    for (const one of objected.deadlines.filter(untouched)) {
      const { startedAt, dueAt } = one;
      expect(late.find(({ clockId }) => clockId === one.clockId)).toMatchObject({ startedAt, dueAt });
    }
    expect(late.map(({ clock }) => clock)).toContain('ARBITRATION');
  });

  it('gives events whose fold is the order as it stands, also after the way through text', () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        const { events, order } = play(steps);
        expect(JSON.stringify(fold(JSON.parse(JSON.stringify(events)) as OrderEvent[]))).toBe(JSON.stringify(order));
      }),
    );
  });

  it('ends where nothing is accepted any more', () => {
    fc.assert(
      fc.property(sequences, step, (steps, s) => {
        const { order } = play(steps);
        fc.pre(isOneOf(order.state, TERMINAL));
        for (const name of COMMANDS) {
          for (const role of ROLES) {
            const command = commandOf(name, order, { ...order, orderNo: 'GD0' }, { ...s, stale: false }, START);
            const answer = decide(order, command, {
              actor: actorFor(role, leadOf(order)?.unitId ?? 'housing', s.flag),
              now: START,
              deadlines: [],
              units: CITY,
              listVersions: LIST_VERSIONS,
              policy: POLICY,
              holderSeatId: null,
              offeredSeatId: null,
            });
            expect(answer.ok).toBe(false);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('keeps one lead while a unit has it and none before, and one queue at most', () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        for (const { after } of play(steps).happened) {
          const leads = after.assignments.filter((a) => a.role === 'lead' && isCurrent(a));
          expect(leads).toHaveLength(isOneOf(after.state, WITH_UNIT) ? 1 : 0);
          expect(after.objections.filter(({ outcome }) => outcome === 'open')).toHaveLength(
            after.state === 'under_arbitration' ? 1 : 0,
          );
          if (isOneOf(after.state, TERMINAL)) expect(queueOf(after)).toBeNull();
        }
      }),
    );
  });

  it('[IN8] takes an order back to a unit that had it only by an arbiter, or up', () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        for (const { before, actor, event } of play(steps).happened) {
          if (event.type !== 'order.dispatched' || !before.visitedUnitIds.includes(event.facts.unitId)) continue;
          expect(actor.roles.includes('arbiter') || event.facts.mode === 'ruling').toBe(true);
        }
      }),
    );
  });

  it('[T17] [T18] [EX5] gives nobody more time but by the word of three people', () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        for (const { event } of play(steps, worked()).happened) {
          if (event.type !== 'order.extended' && event.type !== 'order.suspended') continue;
          const { requestedBy, endorsedBy } = event.facts;
          expect(new Set([requestedBy, endorsedBy, event.actorId]).size).toBe(3);
        }
      }),
    );
  });

  it('[EX1] [EX2] extends and suspends an order once, and goes on with it', () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        for (const { after } of play(steps, worked()).happened) {
          const { extensions = [], suspensions = [] } = after;
          expect(extensions.length).toBeLessThanOrEqual(POLICY.extension.maxCount);
          expect(suspensions.length).toBeLessThanOrEqual(POLICY.suspension.maxCount);
          expect(suspensions.filter(({ resumedAt }) => resumedAt === null)).toHaveLength(
            after.state === 'suspended' ? 1 : 0,
          );
        }
      }),
    );
  });

  it('[EX6] stands as if nothing had been asked once a unit has taken it back', () => {
    let taken = 0;
    fc.assert(
      fc.property(sequences, (steps) => {
        for (const { before, event, after } of play(steps, worked()).happened) {
          if (event.type !== 'order.request_cancelled') continue;
          taken += 1;
          expect(after).toEqual({ ...before, proposal: null, version: before.version + 1 });
          expect(queueOf(after)).toBeNull();
        }
      }),
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('reaches every row of the table', () => {
    const reached = new Set<Transition | undefined>();
    fc.assert(
      fc.property(sequences, (steps) => {
        for (const happening of play(steps).happened) reached.add(rowFor(happening));
        for (const happening of play(steps, worked()).happened) reached.add(rowFor(happening));
      }),
      { numRuns: 1500, seed: 20260302 },
    );
    const missing = (TRANSITIONS as readonly Transition[])
      .filter((row) => row.command !== 'register' && !row.from.every((from) => from !== null && isLater(from)))
      .filter((row) => !reached.has(row));
    expect(missing.map(({ clause, command, event }) => `${clause} ${command} ${event}`)).toEqual([]);
  });
});

/** States that no row leads to yet. */
function isLater(state: OrderStage): boolean {
  return !(TRANSITIONS as readonly Transition[]).some(({ to }) => to === state);
}

describe('every refusal', () => {
  it('of an order that is not the actor’s is that of an order that does not exist', () => {
    fc.assert(
      fc.property(sequences, step, (steps, s) => {
        const { order } = play(steps);
        const outsider = clerk('water');
        fc.pre(!order.assignments.some(({ unitId }) => ['water', 'city'].includes(unitId)));
        const given = {
          actor: outsider,
          now: START,
          units: CITY,
          listVersions: LIST_VERSIONS,
          policy: POLICY,
          holderSeatId: null,
          offeredSeatId: null,
          deadlines: [],
        };
        for (const name of COMMANDS) {
          const command = commandOf(name, order, order, s, START);
          expect(decide(order, command, given)).toEqual(decide(null, command, given));
        }
      }),
    );
  });
});

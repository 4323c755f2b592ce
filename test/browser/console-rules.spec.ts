import type { OrderCard, OrderStage, QueueItemCard, Role, UnitRow } from '@minqing-hub/client-sdk/protocol';
import { byUrgency } from '../../console/src/live/item-order.js';
import { percentWords } from '../../console/src/floor/percent-words.js';
import { countWords, isoWithOffset, spanWords } from '../../console/src/live/time-words.js';
import { emptyClassification, lacks } from '../../console/src/parts/classification.js';
import { mayAskForRequester } from '../../console/src/parts/requester-rights.js';
import { actionsFor, upperUnits, type UnitAction } from '../../console/src/parts/unit-actions.js';
import { ACTIVE } from '../../src/domain/order/stages.js';
import { seesRequester } from '../../src/domain/order/sees-requester.js';
import { rowsOf } from '../../src/domain/order/transitions.js';
import { agent, arbiter, Case, CITY, clerk, deputy, dispatcher, handler, LIST_VERSIONS } from '../support/rule-book.js';
import { POLICY, REGISTRATION, shiftLeader, supervisor } from '../support/rule-book.js';

const unit = (unitId: string, parentId: string | null): UnitRow => ({
  unitId,
  name: unitId,
  type: 'department',
  level: 'department',
  parentId,
  areaCode: null,
  areaType: null,
  active: true,
});
const units = new Map(
  [unit('district', null), unit('bureau', 'district'), unit('office', 'bureau'), unit('other', 'district')].map(
    (row) => [row.unitId, row],
  ),
);

const card = (state: OrderStage, more: Partial<OrderCard> = {}): OrderCard => ({
  orderNo: 'GD1',
  version: 3,
  state,
  visibility: 'public',
  kind: 'resolution',
  grade: 'normal',
  responseLevel: 'routine',
  route: 'simple',
  channel: '12345',
  catalogCode: null,
  areaCode: null,
  registeredAt: 0,
  acceptedAt: 0,
  dispatchDueAt: null,
  dispatchedAt: 0,
  leadUnitId: 'bureau',
  assistUnitIds: [],
  handlerId: null,
  contactedAt: null,
  contactAttempts: 0,
  unreachableAt: null,
  progressCount: 0,
  hops: 0,
  awaits: null,
  supervision: 'none',
  mergedInto: null,
  clocks: [],
  ...more,
});

describe('what a unit’s console offers to press', () => {
  const ROLES: Role[] = ['unit_clerk', 'handler', 'deputy_leader', 'principal_leader', 'village_worker'];
  const offered = (order: OrderCard, role: Role, unitId = 'bureau'): UnitAction[] =>
    actionsFor(order, [role], unitId, units).map(({ action }) => action);

  it('is never what the rule book forbids to the role or in the state', () => {
    for (const state of ACTIVE) {
      for (const role of ROLES) {
        for (const awaits of [null, 'objection', 'escalation'] as const) {
          for (const action of offered(card(state, { awaits }), role)) {
            const rows = rowsOf(action).filter(({ from, who }) => from.includes(state) && who.includes(role));
            expect({ state, role, action, rows: rows.length > 0 }).toEqual({ state, role, action, rows: true });
          }
        }
      }
    }
  });

  it('lets a clerk acknowledge first of all, and a deputy leader confirm', () => {
    expect(offered(card('pending_ack'), 'unit_clerk')[0]).toBe('acknowledge');
    expect(offered(card('pending_ack', { awaits: 'objection' }), 'deputy_leader')).toEqual([
      'confirmObjection',
      'declineProposal',
    ]);
    expect(offered(card('pending_ack', { awaits: 'objection' }), 'unit_clerk')).not.toContain('object');
    expect(offered(card('pending_ack', { route: 'emergency' }), 'unit_clerk')).not.toContain('object');
  });

  it('[EX6] [EX7] is to take back what was asked for before it is handed down', () => {
    expect(offered(card('handling'), 'unit_clerk')).toContain('redispatchDown');
    for (const awaits of ['extension', 'suspension'] as const) {
      const open = offered(card('handling', { awaits }), 'unit_clerk');
      expect([open.includes('redispatchDown'), open.includes('cancelRequest')]).toEqual([false, true]);
    }
  });

  it('is nothing for a unit that only helps, and the own work for a unit above', () => {
    expect(offered(card('handling', { leadUnitId: 'other', assistUnitIds: ['bureau'] }), 'unit_clerk')).toEqual([]);
    expect(offered(card('handling', { leadUnitId: 'office' }), 'unit_clerk')).toContain('recordContact');
    expect(offered(card('pending_ack', { leadUnitId: 'office' }), 'unit_clerk', 'office')).not.toContain(
      'redispatchDown',
    );
  });
});

describe('a unit that cannot do it', () => {
  const escalates = (order: OrderCard, unitId = 'bureau') =>
    actionsFor(order, ['unit_clerk'], unitId, units).some(({ action }) => action === 'escalateLevel');

  it('[T33] may ask for the level above wherever the rule book lets it, once at a time', () => {
    const [row] = rowsOf('escalateLevel');
    for (const state of ACTIVE) {
      expect({ state, offered: escalates(card(state)) }).toEqual({ state, offered: row!.from.includes(state) });
      expect(escalates(card(state, { awaits: 'escalation' }))).toBe(false);
    }
    expect(escalates(card('handling', { leadUnitId: 'district' }), 'district')).toBe(false);
  });

  it('[T33] chooses among the open units above the one that leads, nearest first', () => {
    const above = (unitId: string, tree = units) => upperUnits(tree, unitId).map((row) => row.unitId);
    expect(above('office')).toEqual(['bureau', 'district']);
    expect(above('district')).toEqual([]);
    const closed = new Map([...units, ['bureau', { ...unit('bureau', 'district'), active: false }]]);
    expect(above('office', closed)).toEqual(['district']);
  });
});

describe('what a console asks for', () => {
  it('[DG1] is a requester in clear only for whom the rule book shows them to', () => {
    const order = Case.handled('housing-repairs').stands;
    const tree = new Map(CITY.all().map((row) => [row.unitId, row]));
    const unitIds = ['housing-repairs', 'housing', 'housing-leases', 'water'];
    const people = [agent, arbiter, dispatcher, shiftLeader, supervisor];
    for (const actor of [...people, ...unitIds.flatMap((id) => [clerk(id), handler(id), deputy(id)])]) {
      const given = {
        actor,
        now: 0,
        units: CITY,
        listVersions: LIST_VERSIONS,
        policy: POLICY,
        holderSeatId: null,
        offeredSeatId: null,
        deadlines: [],
      };
      const offered = mayAskForRequester({ leadUnitId: 'housing-repairs' }, actor.roles, actor.unitId, tree);
      expect([actor.userId, offered]).toEqual([actor.userId, seesRequester(order, given) === 'clear']);
    }
  });

  it('[T4] is an acceptance only when the rule book would agree', () => {
    for (const contact of [true, false]) {
      for (const address of [true, false]) {
        for (const kind of ['resolution', undefined] as const) {
          for (const where of [{ areaCode: 'A11' }, { noPlace: true }, {}]) {
            const form = { ...emptyClassification(), kind, ...where };
            const facts = {
              ...REGISTRATION,
              kind: kind ?? null,
              areaCode: null,
              hasContact: contact,
              hasPlace: address,
            };
            const accept = { name: 'accept', catalogueKnows: true, ...where } as const;
            const agreed = Case.registered(facts).asks(agent, accept).ok;
            expect([facts, where, lacks(form, { contact, address }) === null]).toEqual([facts, where, agreed]);
          }
        }
      }
    }
  });
});

describe('what a desk’s console shows', () => {
  const item = (itemId: string, more: Partial<QueueItemCard>): QueueItemCard => ({
    itemId,
    queueId: 'dispatch',
    orderNo: itemId,
    state: 'queued',
    critical: false,
    dueAt: null,
    queuedAt: 0,
    seatId: null,
    offerEndsAt: null,
    kind: null,
    grade: 'normal',
    catalogCode: null,
    areaCode: null,
    visibility: 'public',
    callbackId: null,
    needs: [],
    atHead: false,
    ...more,
  });

  it('[QS1] [QS2] lists critical work first, then what was given up, what is due first, what has waited longest', () => {
    const items = [
      item('young', { queuedAt: 9 }),
      item('old', { queuedAt: 1 }),
      item('late', { dueAt: 200, queuedAt: 1 }),
      item('soon', { dueAt: 100, queuedAt: 8 }),
      item('given-up', { atHead: true, dueAt: 900, queuedAt: 9 }),
      item('critical', { critical: true, dueAt: 900, queuedAt: 9 }),
    ];
    expect(items.sort(byUrgency).map(({ itemId }) => itemId)).toEqual([
      'critical',
      'given-up',
      'soon',
      'late',
      'old',
      'young',
    ]);
  });

  it('says lengths of time in two parts, and times with their offset', () => {
    const minute = 60_000;
    expect([38_000, 12 * minute, 185 * minute, 52 * 60 * minute].map(spanWords)).toEqual([
      '38秒',
      '12分',
      '3时05分',
      '2天4时',
    ]);
    expect([24_001, 725_000, 3_725_000, -1_000].map(countWords)).toEqual(['0:25', '12:05', '1:02:05', '0:01']);
    const at = Date.UTC(2026, 10, 21, 1, 5, 7, 250);
    expect(isoWithOffset(new Date(at))).toMatch(/^2026-11-2\dT\d{2}:\d{2}:07\.250[+-]\d{2}:\d{2}$/);
    expect(Date.parse(isoWithOffset(new Date(at)))).toBe(at);
  });

  it('says of a rate that nothing was counted for that there is none, and rounds the others as they are published', () => {
    expect([null, 0, 1, 0.9583, 0.99949].map(percentWords)).toEqual(['—', '0.0%', '100.0%', '95.8%', '99.9%']);
  });
});

import {
  agent,
  arbiter,
  Case,
  CITY,
  clerk,
  deputy,
  dispatcher,
  objection,
  person,
  type REGISTRATION,
} from '../../../test/support/rule-book.js';
import type { Role } from '../../../client-sdk/src/protocol/index.js';
import type { Deadline } from '../clock/deadline.js';
import type { Order } from '../order/order.js';
import { mayReadOrder } from './may-read-order.js';
import { orderCard, orderReaders, orderRooms } from './order-audience.js';

const rooms = (told: Case) => Object.keys(orderRooms(told.stands, told.deadlines, CITY)).sort();
const dual = (facts: Partial<typeof REGISTRATION> = {}) =>
  Case.accepted(facts).does(dispatcher, {
    name: 'dispatch',
    unitId: 'housing-repairs',
    assistUnitIds: ['north'],
    suggestion: null,
  });

describe('the rooms that hold an order', () => {
  it('are the desk’s and its own until a unit has it', () => {
    expect(rooms(Case.registered())).toEqual(['desk:city', 'order:GD1']);
    expect(rooms(Case.accepted())).toEqual(['desk:city', 'order:GD1']);
  });

  it('are those of lead, assists and all above them while it is theirs', () => {
    const theirs = ['unit:city', 'unit:housing', 'unit:housing-repairs', 'unit:north', 'unit:street'];
    expect(rooms(dual())).toEqual(['desk:city', 'order:GD1', ...theirs]);
    const told = dual().does(clerk('housing-repairs'), { name: 'acknowledge' });
    expect(rooms(told)).toEqual(['order:GD1', ...theirs]);
  });

  it('[I6] are no longer those of a unit that was right to object', () => {
    const told = dual().does(deputy('housing-repairs'), objection('water'));
    expect(rooms(told)).toContain('unit:housing-repairs');
    told.does(arbiter, { name: 'upholdObjection', reason: '理由' });
    expect(rooms(told)).toEqual(['desk:city', 'order:GD1']);
    told.does(dispatcher, { name: 'dispatch', unitId: 'water', suggestion: null });
    expect(rooms(told)).toEqual(['desk:city', 'order:GD1', 'unit:city', 'unit:water']);
  });

  it('[HL5] are the supervisors’ for a complaint, from its first dispatch to its end', () => {
    expect(rooms(Case.accepted({ kind: 'complaint' }))).not.toContain('supervision:city');
    const told = dual({ kind: 'complaint' });
    expect(rooms(told)).toContain('supervision:city');
    told.does(dispatcher, { name: 'merge', primaryOrderNo: 'GD2', primary: { ...told.stands, orderNo: 'GD2' } });
    expect(rooms(told)).toEqual(['order:GD1']);
  });

  it('[I6] show no more than a stub of a confidential order, but for its own', () => {
    const told = dual({ visibility: 'confidential', kind: 'complaint' });
    const shown = orderRooms(told.stands, told.deadlines, CITY);
    expect(Object.keys(shown)).toHaveLength(8);
    for (const [room, view] of Object.entries(shown)) expect(view).toBe(room === 'order:GD1' ? 'full' : 'stub');
  });

  it('[CK13] are the desk’s and the leaders’ of the unit whose clock ran out, and after a workday the supervisors’', () => {
    const late = (clock: string, more: object) => {
      const told = Case.dispatched('housing').does(clerk('housing'), {
        name: 'redispatchDown',
        unitId: 'housing-repairs',
      });
      const deadlines = told.deadlines.map((one) => (one.clock === clock ? { ...one, ...more } : one));
      return Object.keys(orderRooms(told.stands, deadlines, CITY)).filter((room) => !room.startsWith('unit:'));
    };
    expect(late('CONTACT_UNIT', { signal: 'amber' })).toEqual(['order:GD1', 'desk:city']);
    expect(late('CONTACT_UNIT', { signal: 'overdue' })).toEqual(['order:GD1', 'desk:city', 'leader:housing']);
    expect(late('CONTACT_CITIZEN', { signal: 'overdue_1wd' })).toEqual([
      'order:GD1',
      'desk:city',
      'leader:housing-repairs',
      'supervision:city',
    ]);
    expect(late('ACCEPT', { signal: 'overdue_1wd', state: 'met', endedAt: 1 })).toEqual(['order:GD1', 'desk:city']);
  });

  it('[CK13] [C3] [C10] are so, too, when a window has closed, while the order stands in it', () => {
    const { stands, deadlines } = Case.dispatched('housing');
    const window = deadlines.find(({ clock }) => clock === 'OBJECTION')!;
    const leaders = (order: Order, more: Partial<Deadline>) =>
      Object.keys(orderRooms(order, [{ ...window, signal: 'overdue', ...more }], CITY)).filter((room) =>
        room.startsWith('leader:'),
      );
    expect(leaders(stands, {})).toEqual(['leader:housing']);
    expect(leaders(stands, { state: 'stopped', endedAt: 1 })).toEqual([]);
    const rated: Order = { ...stands, state: 'pending_evaluation' };
    expect(leaders(rated, { clock: 'EVALUATION', unitId: null })).toEqual(['leader:housing']);
    expect(leaders({ ...rated, state: 'closed' }, { clock: 'EVALUATION', unitId: null, endedAt: 1 })).toEqual([]);
  });

  it('hold cards without names and texts', () => {
    const { clocks, ...card } = orderCard(dual().stands, dual().deadlines);
    expect(Object.values(card).filter((value) => typeof value === 'object' && value)).toEqual([['north']]);
    expect(clocks.map(({ clock }) => clock).sort()).toEqual([
      'ACK',
      'CONTACT_CITIZEN',
      'CONTACT_UNIT',
      'HANDLING',
      'OBJECTION',
    ]);
  });
});

describe('who may read an order', () => {
  const reads = (role: Role, told: Case, unitId: string | null = null) =>
    mayReadOrder(person(role, unitId, '009'), orderReaders(told.stands, CITY));

  it.each([
    ['dispatcher', true, true],
    ['arbiter', true, true],
    ['shift_leader', true, true],
    ['supervisor', true, true],
    ['agent', true, false],
    ['follow_up_agent', true, false],
    ['list_admin', true, false],
    ['petition_officer', true, false],
    ['auditor', true, false],
    ['district_leader', true, false],
    ['grid_worker', false, false],
    ['party_member', false, false],
    ['policy_admin', false, false],
    ['channel_adapter', false, false],
  ] as const)('[I6] a %s: open orders %s, confidential ones %s', (role, open, confidential) => {
    expect(reads(role, dual())).toBe(open);
    expect(reads(role, dual({ visibility: 'confidential' }))).toBe(confidential);
  });

  it('[I6] people of its units, and of those above unless it is confidential', () => {
    for (const role of ['unit_clerk', 'handler', 'deputy_leader', 'principal_leader', 'street_officer'] as const) {
      expect(reads(role, dual(), 'housing-repairs')).toBe(true);
      expect(reads(role, dual(), 'north')).toBe(true);
      expect(reads(role, dual(), 'street')).toBe(true);
      expect(reads(role, dual(), 'south')).toBe(false);
      expect(reads(role, dual({ visibility: 'confidential' }), 'north')).toBe(true);
      expect(reads(role, dual({ visibility: 'confidential' }), 'street')).toBe(false);
      expect(reads(role, Case.accepted(), 'housing')).toBe(false);
    }
  });

  it('[T35] the unit that stays answerable for what it handed down', () => {
    const down = Case.accepted({ visibility: 'confidential' })
      .does(dispatcher, { name: 'dispatch', unitId: 'housing', suggestion: null })
      .does(clerk('housing'), { name: 'redispatchDown', unitId: 'housing-leases' });
    expect(orderReaders(down.stands, CITY).unitIds).toEqual(['housing-leases', 'housing']);
  });

  it('[I6] who took it down; a confidential one only until it is accepted', () => {
    const readsOwn = (told: Case) => mayReadOrder({ ...agent, roles: [] }, orderReaders(told.stands, CITY));
    expect(readsOwn(dual())).toBe(true);
    expect(readsOwn(Case.registered({ visibility: 'confidential' }))).toBe(true);
    expect(readsOwn(Case.accepted({ visibility: 'confidential' }))).toBe(false);
  });
});

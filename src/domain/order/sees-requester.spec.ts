import type { Actor } from '@minqing-hub/client-sdk/protocol';
import {
  agent,
  arbiter,
  type Call,
  Case,
  CITY,
  clerk,
  deputy,
  dispatcher,
  handler,
  LIST_VERSIONS,
  objection,
  person,
  POLICY,
  shiftLeader,
  supervisor,
} from '../../../test/support/rule-book.js';
import { seesRequester } from './sees-requester.js';

const contact = (at: number): Call => ({
  name: 'recordContact',
  channel: 'phone',
  outcome: 'reached',
  summary: '已联系',
  at,
});

const asked = ({ order, now }: Case, actor: Actor, holderSeatId: string | null = null) =>
  seesRequester(order, {
    actor,
    now,
    units: CITY,
    listVersions: LIST_VERSIONS,
    policy: POLICY,
    holderSeatId,
    offeredSeatId: null,
    deadlines: [],
  });

describe('who is shown a requester', () => {
  it('[DG1] the centre and the lead unit; other readers only masked', () => {
    const order = Case.dispatched('housing-repairs');
    for (const actor of [agent, dispatcher, shiftLeader, supervisor, clerk('housing-repairs'), handler('housing')]) {
      expect([actor.userId, asked(order, actor)]).toEqual([actor.userId, 'clear']);
    }
    for (const actor of [arbiter, person('auditor'), deputy('housing-repairs'), person('district_leader')]) {
      expect([actor.userId, asked(order, actor)]).toEqual([actor.userId, 'masked']);
    }
  });

  it('[DG1] an assist does not contact the requester', () => {
    const dual = Case.accepted().does(dispatcher, {
      name: 'dispatch',
      unitId: 'water',
      assistUnitIds: ['north'],
      suggestion: null,
    });
    expect(asked(dual, clerk('north'))).toBe('masked');
  });

  it('[OB3] the first receiver still does, until the unit after it has acknowledged', () => {
    const moved = Case.objected('housing')
      .does(arbiter, { name: 'upholdObjection', reason: '理由' })
      .does(dispatcher, { name: 'dispatch', unitId: 'water', suggestion: null });
    expect(asked(moved, clerk('housing'))).toBe('clear');
    moved.does(clerk('water'), { name: 'acknowledge' });
    expect(asked(moved, clerk('housing'))).toBe('hidden');
  });

  it('[I6] who may not read the order does not learn that it is there', () => {
    expect(asked(Case.dispatched('housing'), clerk('water'))).toBe('hidden');
    expect(asked(new Case(), dispatcher)).toBe('hidden');
  });

  it('[DG4] a confidential order shows its requester to the seat that has it in hand', () => {
    const order = Case.registered({ visibility: 'confidential' });
    const other = person('agent', null, '002');
    expect(asked(order, other)).toBe('hidden');
    expect(asked(order, other, other.seatId)).toBe('clear');
    expect(asked(order, shiftLeader)).toBe('clear');
  });

  it('[DG4] no unit above learns of a confidential one, and who had it first no more once it is elsewhere', () => {
    const order = Case.accepted({ visibility: 'confidential' });
    order.does(dispatcher, { name: 'dispatch', unitId: 'housing-repairs', suggestion: null });
    expect(asked(order, clerk('housing-repairs'))).toBe('clear');
    for (const unitId of ['housing', 'city']) {
      expect(asked(order, clerk(unitId))).toBe('hidden');
      expect(order.refuses(clerk(unitId), contact(order.now)).code).toBe('order_not_found');
    }
    order
      .does(deputy('housing-repairs'), objection('water'))
      .does(arbiter, { name: 'upholdObjection', reason: '理由' })
      .does(dispatcher, { name: 'dispatch', unitId: 'water', suggestion: null });
    for (const unitId of ['housing-repairs', 'housing', 'city']) expect(asked(order, clerk(unitId))).toBe('hidden');
    for (const unitId of ['housing', 'city']) {
      expect(order.refuses(clerk(unitId), contact(order.now)).code).toBe('order_not_found');
    }
    expect(asked(order, clerk('water'))).toBe('clear');
  });

  it('[OB3] the first receiver of a confidential one still contacts the requester, nobody above it', () => {
    const order = Case.accepted({ visibility: 'confidential' });
    order
      .does(dispatcher, { name: 'dispatch', unitId: 'housing-repairs', suggestion: null })
      .does(deputy('housing-repairs'), objection('water'))
      .does(arbiter, { name: 'upholdObjection', reason: '理由' })
      .does(dispatcher, { name: 'dispatch', unitId: 'water', suggestion: null });
    expect(order.asks(clerk('housing-repairs'), contact(order.now)).ok).toBe(true);
  });
});

import type { Role } from '../../../client-sdk/src/protocol/index.js';
import { CITY, person } from '../../../test/support/rule-book.js';
import { mayEnter } from './may-enter.js';
import { ROOMS_OF_ROLE } from './rooms-of-role.js';

const ROOMS = [
  'queue:register',
  'queue:dispatch',
  'queue:arbitration',
  'queue:callback',
  'head:register',
  'head:dispatch',
  'head:arbitration',
  'head:callback',
  'seat:own',
  'seat:other',
  'floor',
  'desk:city',
  'unit:housing',
  'unit:housing-repairs',
  'unit:water',
  'leader:housing',
  'leader:water',
  'supervision:city',
  'lists',
  'knowledge',
  'order:GD1',
  'queue:nothing',
  'head:nothing',
  'head',
  'nothing',
  'unit',
];

/** Of a person of this role, of the housing bureau, with a seat of their own. */
const enters = (role: Role) =>
  ROOMS.filter((room) => mayEnter({ ...person(role, 'housing'), seatId: 'own' }, room, { units: CITY }));

describe('[I6] the rooms that a role may enter', () => {
  it.each([
    ['agent', ['queue:register', 'queue:callback', 'head:register', 'head:callback', 'seat:own', 'knowledge']],
    ['follow_up_agent', ['queue:callback', 'head:callback', 'seat:own', 'knowledge']],
    [
      'dispatcher',
      ['queue:register', 'queue:dispatch', 'head:register', 'head:dispatch', 'seat:own', 'desk:city', 'knowledge'],
    ],
    ['arbiter', ['queue:arbitration', 'head:arbitration', 'seat:own', 'desk:city', 'knowledge']],
    [
      'shift_leader',
      [
        'queue:register',
        'queue:dispatch',
        'queue:arbitration',
        'queue:callback',
        'head:register',
        'head:dispatch',
        'head:arbitration',
        'head:callback',
        'seat:own',
        'seat:other',
        'floor',
        'desk:city',
        'knowledge',
      ],
    ],
    ['unit_clerk', ['unit:housing', 'unit:housing-repairs', 'knowledge']],
    ['handler', ['unit:housing', 'unit:housing-repairs', 'knowledge']],
    ['deputy_leader', ['unit:housing', 'unit:housing-repairs', 'leader:housing', 'knowledge']],
    ['principal_leader', ['unit:housing', 'unit:housing-repairs', 'leader:housing', 'knowledge']],
    ['supervisor', ['unit:housing', 'unit:housing-repairs', 'unit:water', 'supervision:city']],
    ['petition_officer', ['unit:housing', 'unit:housing-repairs', 'unit:water', 'supervision:city']],
    ['list_admin', ['lists', 'knowledge']],
    ['grid_worker', []],
    ['channel_adapter', []],
    ['policy_admin', []],
    ['system', []],
  ] as const)('%s: %j', (role, rooms) => {
    expect(enters(role)).toEqual(rooms);
  });

  it('[PC7] are for everybody of the house the policy, too', () => {
    const not = (Object.keys(ROOMS_OF_ROLE) as Role[]).filter(
      (role) => !mayEnter(person(role), 'policy', { units: CITY }),
    );
    expect(not).toEqual(['channel_adapter', 'system']);
  });

  it('are those of all their roles together', () => {
    const actor = { ...person('arbiter'), roles: ['arbiter', 'list_admin'] as Role[] };
    expect(mayEnter(actor, 'lists', { units: CITY })).toBe(true);
    expect(mayEnter(actor, 'queue:arbitration', { units: CITY })).toBe(true);
  });

  it('[I6] an order’s room is for who may read the order', () => {
    const order = { unitIds: ['housing'], visibility: 'confidential' as const };
    const enter = (role: Role, unitId: string | null) =>
      mayEnter(person(role, unitId), 'order:GD1', { units: CITY, readers: order });
    expect(enter('unit_clerk', 'housing')).toBe(true);
    expect(enter('unit_clerk', 'water')).toBe(false);
    expect(enter('dispatcher', null)).toBe(true);
    expect(enter('agent', null)).toBe(false);
  });

  it('[I6] whoever only filed an order reads what is public of it, and does not stand in its room', () => {
    const enter = (role: Role, unitId: string | null) => {
      const actor = person(role, unitId);
      const readers = { unitIds: ['housing'], visibility: 'internal' as const, userIds: [actor.userId] };
      return mayEnter(actor, 'order:GD1', { units: CITY, readers });
    };
    expect(enter('channel_adapter', null)).toBe(false);
    expect(enter('grid_worker', 'housing')).toBe(false);
    expect(enter('village_worker', 'water')).toBe(false);
    expect(enter('village_worker', 'housing')).toBe(true);
    expect(enter('agent', null)).toBe(true);
  });

  it('[PS6] [I6] whoever listens to a seat enters its room, as long as they work at one themselves', () => {
    const enter = (role: Role, seatId: string | undefined, listeners: string[]) => {
      const readers = { unitIds: [], visibility: 'internal' as const, userIds: listeners };
      return mayEnter({ ...person(role), userId: 'trainee', seatId }, 'seat:S002', { units: CITY, readers });
    };
    expect(enter('agent', 'S001', ['trainee'])).toBe(true);
    expect(enter('agent', 'S001', ['somebody else'])).toBe(false);
    expect(enter('agent', undefined, ['trainee'])).toBe(false);
    expect(enter('unit_clerk', 'S001', ['trainee'])).toBe(false);
  });

  it('[I6] without a seat or unit there is no own one', () => {
    const nobody = { ...person('agent'), seatId: undefined };
    expect(mayEnter(nobody, 'seat:undefined', { units: CITY })).toBe(false);
    expect(mayEnter(person('unit_clerk'), 'unit:null', { units: CITY })).toBe(false);
  });
});

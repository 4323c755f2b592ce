import { type IdentityKit, openIdentityKit } from '../../test/support/identity-kit.js';
import type { Actor, Role } from './actor.js';
import { GRANTABLE_ROLES } from './roles.js';
import { UnitPeople } from './unit-people.js';

const UNITS = [
  'unitId,name,type,level,parentId',
  'Q,区政府,government,district,',
  'J,街道办,street,street,Q',
  'J1,执法队,office,office,J',
  'W,水务局,bureau,bureau,Q',
].join('\n');

/** Roles that work in a unit. */
const UNIT_ROLES: Role[] = [
  'unit_clerk',
  'handler',
  'deputy_leader',
  'principal_leader',
  'street_officer',
  'village_worker',
];

describe('the people of a unit', () => {
  let kit: IdentityKit;
  let people: UnitPeople;
  beforeEach(async () => {
    kit = await openIdentityKit();
    await kit.csv('units', UNITS);
    people = new UnitPeople(kit.readModel, kit.listBook, kit.clock);
  });
  afterEach(() => kit.close());

  const asker = (roles: Role[], unitId: string | null): Actor => ({ userId: 'asker', name: 'asker', roles, unitId });
  const idsOf = async (unitId: string, actor = asker(['unit_clerk'], 'Q')) =>
    (await people.handlers(actor, unitId))?.map(({ userId }) => userId);

  it('[T16] are its active handlers and those of the units below it, each with a name', async () => {
    await kit.addUser('h2', { name: '办理人二', roles: ['handler', 'unit_clerk'], unitId: 'J1' });
    await kit.addUser('h1', { name: '办理人一', roles: ['handler'], unitId: 'J' });
    await kit.addUser('gone', { roles: ['handler'], unitId: 'J', active: false });
    await kit.addUser('clerk', { roles: ['unit_clerk'], unitId: 'J' });
    await kit.addUser('above', { roles: ['handler'], unitId: 'Q' });
    await kit.addUser('beside', { roles: ['handler'], unitId: 'W' });
    expect(await people.handlers(asker(['unit_clerk'], 'J'), 'J')).toEqual([
      { userId: 'h1', name: '办理人一' },
      { userId: 'h2', name: '办理人二' },
    ]);
    expect(await idsOf('Q')).toEqual(['above', 'beside', 'h1', 'h2']);
    expect(await idsOf('J1')).toEqual(['h2']);
  });

  it.each(GRANTABLE_ROLES)('[I6] are known to who works there or above, by no other right: %s', async (role) => {
    const answers = await Promise.all(['J', 'Q', 'J1', 'W', null].map((unit) => idsOf('J', asker([role], unit))));
    const known = UNIT_ROLES.includes(role) ? [] : undefined;
    expect(answers).toEqual([known, known, undefined, undefined, undefined]);
  });

  it('[I6] of a unit that is not there are as unknown as those of a foreign one', async () => {
    expect(await idsOf('nowhere')).toBeUndefined();
    expect(await idsOf('nowhere', asker(['unit_clerk'], 'nowhere'))).toBeUndefined();
  });

  it('are all found where a unit has hundreds below it', async () => {
    const offices = Array.from({ length: 1_200 }, (_, i) => `O${i},科室${i},office,office,J`);
    await kit.csv('units', [UNITS, ...offices].join('\n'));
    for (const i of [0, 499, 500, 1_199]) await kit.addUser(`h${i}`, { roles: ['handler'], unitId: `O${i}` });
    expect(await idsOf('J')).toEqual(['h0', 'h1199', 'h499', 'h500']);
  });
});

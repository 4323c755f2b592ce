import { randomUUID } from 'node:crypto';
import { type IdentityKit, openIdentityKit } from '../../test/support/identity-kit.js';
import type { Actor } from './actor.js';
import { keyIdOf } from './api-keys.js';
import { GRANTABLE_ROLES } from './roles.js';

const UNITS = 'unitId,name,type,level,parentId\nQ,区政府,government,district,\nJ,街道办,street,street,Q\n';

describe('rights', () => {
  let kit: IdentityKit;
  let admin: Actor;
  beforeEach(async () => {
    kit = await openIdentityKit();
    await kit.csv('units', UNITS);
    admin = await kit.addUser('admin', { roles: ['policy_admin'] });
    await kit.addUser('clerk', { roles: ['unit_clerk'], unitId: 'J' });
  });
  afterEach(() => kit.close());

  const change = (payload: object, actor = admin) => kit.issue(actor, 'changeRights', payload);

  it('[ID3] change as an event about the user, seen by no room', async () => {
    expect(await change({ userId: 'clerk', roles: ['handler'], unitId: 'Q', seatId: 'S-1' })).toEqual({
      ok: true,
      result: { userId: 'clerk' },
    });
    expect(await kit.account('clerk')).toMatchObject({
      roles: ['handler'],
      unitId: 'Q',
      seatId: 'S-1',
      rightsVersion: 2,
    });
    expect(await kit.events()).toMatchObject([
      {
        subject: 'user:clerk',
        type: 'identity.rights_changed',
        version: 2,
        actorId: 'admin',
        data: { userId: 'clerk', roles: ['handler'], unitId: 'Q', active: true },
        audience: { rooms: {} },
      },
    ]);
  });

  it('[ID3] are in force at the next command, whatever the caller was before', async () => {
    const leaving = await kit.addUser('leaving', { roles: ['policy_admin'] });
    expect(await change({ userId: 'clerk', roles: ['handler'] }, leaving)).toMatchObject({ ok: true });
    await change({ userId: 'leaving', roles: ['agent'] });
    expect(await change({ userId: 'clerk', roles: ['agent'] }, leaving)).toMatchObject({
      error: { code: 'forbidden' },
    });
    await change({ userId: 'leaving', roles: ['policy_admin'], active: false });
    expect(await change({ userId: 'clerk', roles: ['agent'] }, leaving)).toMatchObject({
      error: { code: 'forbidden' },
    });
  });

  it('leave out what the call leaves out, clear what it sets to null, and tell nothing when nothing changes', async () => {
    await change({ userId: 'clerk', roles: ['handler'] });
    expect(await kit.account('clerk')).toMatchObject({ unitId: 'J', active: true });
    await change({ userId: 'clerk', roles: ['handler'] });
    expect(await kit.events()).toHaveLength(1);
    await change({ userId: 'clerk', roles: [], unitId: null });
    expect(await kit.account('clerk')).toMatchObject({ roles: [], unitId: null, rightsVersion: 3 });
  });

  it.each([
    ['nobody', { userId: 'nobody', roles: [] }, 'user_unknown', 'userId'],
    ['an unknown role', { userId: 'clerk', roles: ['king'] }, 'role_unknown', 'roles'],
    ["the hub's own role", { userId: 'clerk', roles: ['system'] }, 'role_unknown', 'roles'],
    ['an unknown unit', { userId: 'clerk', roles: [], unitId: 'X' }, 'unit_unknown', 'unitId'],
    ['a role twice', { userId: 'clerk', roles: ['agent', 'agent'] }, 'payload_invalid', 'roles'],
    ['another field', { userId: 'clerk', roles: [], demo: true }, 'payload_invalid', 'demo'],
  ])('[ID5] are refused for %s', async (_what, payload, code, field) => {
    expect(await change(payload)).toMatchObject({ ok: false, error: { code, field } });
    expect(await kit.events()).toEqual([]);
  });

  it('[ID5] are not given at a closed unit', async () => {
    await kit.csv(
      'units',
      'unitId,name,type,level,parentId,active\nQ,区政府,government,district,,1\nJ,旧街道办,street,street,Q,0\n',
    );
    await kit.addUser('newcomer');
    expect(await change({ userId: 'newcomer', roles: ['handler'], unitId: 'J' })).toMatchObject({
      error: { code: expect.stringMatching(/^unit_(closed|unknown)$/), field: 'unitId' },
    });
  });

  it('[ID5] leave one active user to a seat', async () => {
    await kit.addUser('agent1', { roles: ['agent'], seatId: 'A1' });
    expect(await change({ userId: 'clerk', roles: ['agent'], seatId: 'A1' })).toMatchObject({
      error: { code: 'seat_taken', field: 'seatId', clause: 'ID5' },
    });
    await change({ userId: 'agent1', roles: ['agent'], active: false });
    expect(await change({ userId: 'clerk', roles: ['agent'], seatId: 'A1' })).toMatchObject({ ok: true });
    expect(await change({ userId: 'agent1', roles: ['agent'], active: true })).toMatchObject({
      error: { code: 'seat_taken' },
    });
  });

  it('[ID5] leave an active policy_admin', async () => {
    const last = { error: { code: 'last_policy_admin', clause: 'ID5' } };
    expect(await change({ userId: 'admin', roles: ['agent'] })).toMatchObject(last);
    expect(await change({ userId: 'admin', roles: ['policy_admin'], active: false })).toMatchObject(last);
    await kit.addUser('second', { roles: ['policy_admin'], active: false });
    expect(await change({ userId: 'admin', roles: [] })).toMatchObject(last);
    await change({ userId: 'second', roles: ['policy_admin'], active: true });
    expect(await change({ userId: 'admin', roles: [] })).toMatchObject({ ok: true });
  });

  it('can be every role of the rule book but those of programs', () => {
    expect(GRANTABLE_ROLES).toHaveLength(22);
    expect(GRANTABLE_ROLES).not.toContain('system');
    expect(GRANTABLE_ROLES).not.toContain('channel_adapter');
  });

  describe('of source systems', () => {
    const create = (commandId: string = randomUUID()) =>
      kit.issue(admin, 'createApiKey', { source: '12345', label: '热线平台' }, commandId);
    const keyOf = (answer: Awaited<ReturnType<typeof create>>) =>
      (answer as { result: { keyId: string; apiKey: string } }).result;

    it('[ID6] come with a key that names its source', async () => {
      const { keyId, apiKey } = keyOf(await create());
      expect(keyIdOf(apiKey)).toBe(keyId);
      expect(await kit.authentication.byApiKey(apiKey)).toEqual({
        userId: `key:${keyId}`,
        name: '热线平台',
        roles: ['channel_adapter'],
        unitId: null,
        source: '12345',
      });
    });

    it('[ID6] are kept as a hash: the key is nowhere in the database, yet the same command answers it again', async () => {
      const commandId = randomUUID();
      const { keyId, apiKey } = keyOf(await create(commandId));
      const secret = apiKey.slice(`mqk_${keyId}_`.length);
      const tables = ['api_key', 'command', 'event'];
      const rows = await kit.readModel.run(async (tx) => {
        const found: object[] = [];
        for (const table of tables) found.push(...(await tx.all(`SELECT * FROM ${table}`)));
        return found;
      });
      expect(JSON.stringify(rows)).toContain(keyId);
      expect(JSON.stringify(rows)).not.toContain(secret);
      expect(keyOf(await create(commandId))).toEqual({ keyId, apiKey });
      expect(keyOf(await create()).apiKey).not.toBe(apiKey);
    });

    it('[ID6] end when they are revoked', async () => {
      const { keyId, apiKey } = keyOf(await create());
      expect(await kit.issue(admin, 'revokeApiKey', { keyId })).toMatchObject({ ok: true });
      expect(await kit.authentication.byApiKey(apiKey)).toBeUndefined();
      expect(await kit.readModel.run((tx) => kit.people.actor(tx, `key:${keyId}`))).toBeUndefined();
      expect(await kit.issue(admin, 'revokeApiKey', { keyId })).toMatchObject({ error: { code: 'key_unknown' } });
      expect((await kit.events()).map(({ type, data }) => [type, data])).toEqual([
        ['identity.key_created', { keyId, source: '12345' }],
        ['identity.key_revoked', { keyId }],
      ]);
    });

    it('[ID6] are not told again once they are revoked', async () => {
      const commandId = randomUUID();
      const { keyId } = keyOf(await create(commandId));
      await kit.issue(admin, 'revokeApiKey', { keyId });
      const again = await create(commandId);
      expect(again).toMatchObject({ ok: false, error: { code: 'key_unknown', clause: 'ID6' } });
      expect((again as { error: { message: string } }).error.message).toContain('已停用');
    });

    it('[ID6] need the whole key', async () => {
      const { apiKey } = keyOf(await create());
      const almost = apiKey.slice(0, -1) + (apiKey.endsWith('A') ? 'B' : 'A');
      for (const bad of [almost, '', 'mqk_', apiKey + 'A', apiKey.toUpperCase()]) {
        expect(await kit.authentication.byApiKey(bad)).toBeUndefined();
      }
    });

    it('[ID6] are made by a policy_admin only', async () => {
      const clerk = await kit.addUser('c2', { roles: ['unit_clerk', 'list_admin'] });
      for (const [name, payload] of [
        ['createApiKey', { source: 'x', label: 'y' }],
        ['revokeApiKey', { keyId: '0123456789abcdef' }],
      ] as const) {
        expect(await kit.issue(clerk, name, payload)).toMatchObject({ error: { code: 'forbidden' } });
      }
    });
  });
});

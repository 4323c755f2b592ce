import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type IdentityKit, openIdentityKit, PASSWORD, SYSTEM } from '../../test/support/identity-kit.js';
import { ConfigurationFault } from '../config/configuration-fault.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { CreateDemoAccountsWhenUnitsActivated } from './create-demo-accounts-when-units-activated.reaction.js';

const UNITS = [
  'unitId,name,type,level,parentId,areaCode,areaType,active',
  'Q,区政府,government,district,,Q00,district,1',
  'C,城管局,department,district,Q,,,1',
  'J,龙田街道,government,street,Q,Q01,street,1',
  'S,老坑社区,community,community,J,Q0101,community,1',
  'X,旧局,department,district,Q,,,0',
].join('\n');

describe('first accounts', () => {
  let kit: IdentityKit;
  beforeEach(async () => {
    kit = await openIdentityKit();
  });
  afterEach(() => kit.close());

  const setting = (name: 'demo' | 'demo.passwordHash') => kit.readModel.run((tx) => kit.hubSettings.get(tx, name));
  const count = async (where = '1 = 1') =>
    (await kit.readModel.run((tx) => tx.one<{ n: number }>(`SELECT COUNT(*) AS n FROM user_account WHERE ${where}`)))!
      .n;
  const enter = (username: string, password: string) => kit.logins.login(username, password, '::1');
  const boot = (env: Record<string, string> = {}) => kit.firstBoot(env).onModuleInit();

  describe('of a demo database', () => {
    beforeEach(() => boot());

    it('[ID7] are those of the call centre and the city, with one hash', async () => {
      expect(await setting('demo')).toBe('1');
      expect(await count()).toBe(1_050 + 6 + 20 + 3 + 2 + 4);
      expect((await kit.readModel.run((tx) => tx.all('SELECT DISTINCT password_hash FROM user_account'))).length).toBe(
        1,
      );
      expect((await enter('agent700', 'demo')).actor).toEqual({
        userId: 'agent700',
        name: '坐席700',
        roles: ['agent'],
        unitId: null,
        seatId: 'A700',
      });
      expect((await enter('dispatcher01', 'demo')).actor).toMatchObject({ roles: ['dispatcher'], seatId: 'D01' });
      expect((await enter('arbiter03', 'demo')).actor).toMatchObject({ roles: ['arbiter'], seatId: 'R03' });
      expect((await enter('admin', 'demo')).actor.roles).toEqual(['policy_admin', 'list_admin']);
      for (const name of ['leader06', 'supervisor02', 'petition01', 'district01', 'auditor01']) {
        expect((await enter(name, 'demo')).actor.userId).toBe(name);
      }
    });

    it('[ID7] are made once, with the hash that is kept, where nodes start together', async () => {
      await kit.unitOfWork.run(async (tx) => {
        for (const table of ['user_account', 'hub_setting']) await tx.run(`DELETE FROM ${table}`);
      });
      await Promise.all([boot(), boot()]);
      const hashes = await kit.readModel.run((tx) =>
        tx.all<{ password_hash: string }>('SELECT DISTINCT password_hash FROM user_account'),
      );
      expect(hashes.map(({ password_hash }) => password_hash)).toEqual([await setting('demo.passwordHash')]);
    });

    it('[ID7] come with each open unit, when its list is activated', async () => {
      await kit.csv('units', UNITS);
      const reaction = new CreateDemoAccountsWhenUnitsActivated(
        kit.readModel,
        kit.listBook,
        kit.hubSettings,
        kit.clock,
      );
      await kit.placing.settled();
      const [event] = (await kit.reader.ofTypesAfter(0, ['lists.activated'], 10)).events;
      const commands = await reaction.commandsFor(event!);
      const before = await count();
      for (const { name, payload } of commands) {
        expect(await kit.issue(SYSTEM, name, payload)).toEqual({ ok: true, result: { created: 4 * 4 + 2 } });
      }
      expect(await count()).toBe(before + 18);
      expect((await enter('unit-C', 'demo')).actor).toMatchObject({
        name: '联络员-城管局',
        roles: ['unit_clerk'],
        unitId: 'C',
      });
      for (const [name, role] of [
        ['handler-C', 'handler'],
        ['deputy-C', 'deputy_leader'],
        ['principal-C', 'principal_leader'],
        ['street-J', 'street_officer'],
        ['village-S', 'village_worker'],
      ] as const) {
        expect((await enter(name, 'demo')).actor.roles).toEqual([role]);
      }
      expect(await count(`unit_id = 'X' OR user_id = 'street-C'`)).toBe(0);
      for (const { name, payload } of commands) {
        expect(await kit.issue(SYSTEM, name, payload)).toEqual({ ok: true, result: { created: 0 } });
      }
    });

    it('come with no other list', async () => {
      const reaction = new CreateDemoAccountsWhenUnitsActivated(
        kit.readModel,
        kit.listBook,
        kit.hubSettings,
        kit.clock,
      );
      expect(await reaction.commandsFor({ data: { list: 'duties' } } as unknown as LoggedEvent)).toEqual([]);
    });

    it('[ID7] are made by the hub alone', async () => {
      const admin = (await enter('admin', 'demo')).actor;
      expect(await kit.issue(admin, 'createDemoAccounts', { unitIds: ['Q'] })).toMatchObject({
        error: { code: 'forbidden' },
      });
    });

    it('stay as they are at the next boot, and take a new demo password', async () => {
      await kit.logins.changeOwnPassword((await enter('agent002', 'demo')).actor, 'demo', PASSWORD, '::1');
      const hash = await setting('demo.passwordHash');
      await boot({ HUB_DEMO: '0' });
      expect(await setting('demo.passwordHash')).toBe(hash);
      await boot({ HUB_DEMO_PASSWORD: 'another-demo' });
      expect((await enter('agent001', 'another-demo')).actor.userId).toBe('agent001');
      expect((await enter('agent002', PASSWORD)).actor.userId).toBe('agent002');
      await expect(enter('agent001', 'demo')).rejects.toThrow('credentials_wrong');
    });

    it('[ID7] keep a production hub from starting, without a run of scrypt for each', async () => {
      const outcome = await boot({ NODE_ENV: 'production' }).catch((error: unknown) => error);
      expect(outcome).toBeInstanceOf(ConfigurationFault);
      expect((outcome as ConfigurationFault).faults).toEqual([expect.stringMatching(/演示密码.*正式环境不能启动/)]);
      expect((outcome as Error).message).not.toContain('agent');
    });

    it('[ID7] let a production hub start when none of them is active any more', async () => {
      await kit.unitOfWork.run((tx) => tx.run('UPDATE user_account SET active = 0'));
      await boot({ NODE_ENV: 'production' });
      await kit.unitOfWork.run((tx) => tx.run(`UPDATE user_account SET active = 1 WHERE user_id = 'agent001'`));
      await expect(boot({ NODE_ENV: 'production' })).rejects.toThrow(ConfigurationFault);
      await expect(boot({ NODE_ENV: 'production', HUB_DEMO_PASSWORD: 'changed since' })).rejects.toThrow(
        ConfigurationFault,
      );
    });

    it('[ID7] keep a production hub from starting after they lost their mark', async () => {
      await kit.unitOfWork.run((tx) => tx.run('UPDATE user_account SET demo = 0'));
      await expect(boot({ NODE_ENV: 'production' })).rejects.toThrow(ConfigurationFault);
    });
  });

  describe('of any other database', () => {
    it('[ID7] are one admin, with a password that lies in a file for the hub alone', async () => {
      await boot({ HUB_DEMO: '0' });
      expect(await setting('demo')).toBe('0');
      expect(await count()).toBe(1);
      const file = join(kit.folder, 'first-admin-password.txt');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const { actor } = await enter('admin', readFileSync(file, 'utf8').trim());
      expect(actor.roles).toEqual(['policy_admin', 'list_admin']);
      await expect(enter('admin', 'demo')).rejects.toThrow('credentials_wrong');
    });

    it('[ID7] are one admin where nodes start together, whose password lies in the folder of one of them', async () => {
      const folders = ['a', 'b'].map((name) => join(kit.folder, name));
      await Promise.all(folders.map((folder) => boot({ HUB_DEMO: '0', HUB_DATA_DIR: folder })));
      const files = folders
        .map((folder) => join(folder, 'first-admin-password.txt'))
        .filter((file) => existsSync(file));
      expect(files).toHaveLength(1);
      expect((await enter('admin', readFileSync(files[0]!, 'utf8').trim())).actor.userId).toBe('admin');
      expect(await count()).toBe(1);
    });

    it('[ID7] are one admin where nodes start together in one folder', async () => {
      await Promise.all([boot({ HUB_DEMO: '0' }), boot({ HUB_DEMO: '0' })]);
      const file = join(kit.folder, 'first-admin-password.txt');
      expect((await enter('admin', readFileSync(file, 'utf8').trim())).actor.userId).toBe('admin');
    });

    it('[ID3] are one admin, whose rights the log tells', async () => {
      await boot({ HUB_DEMO: '0' });
      expect(await kit.events()).toMatchObject([
        { type: 'identity.rights_changed', actorId: 'system', data: { userId: 'admin', active: true } },
      ]);
    });

    it('are one admin with the password given', async () => {
      await boot({ NODE_ENV: 'production', HUB_FIRST_ADMIN_PASSWORD: PASSWORD });
      expect((await enter('admin', PASSWORD)).actor.userId).toBe('admin');
      expect(existsSync(join(kit.folder, 'first-admin-password.txt'))).toBe(false);
    });

    it('[ID4] are none when the password given is too weak', async () => {
      const outcome = boot({ HUB_DEMO: '0', HUB_FIRST_ADMIN_PASSWORD: 'the-admin-1' });
      await expect(outcome).rejects.toThrow('HUB_FIRST_ADMIN_PASSWORD：密码不能包含用户名');
      expect(await count()).toBe(0);
    });

    it('[ID7] never become demo accounts', async () => {
      await boot({ HUB_DEMO: '0' });
      await boot({ HUB_DEMO: '1' });
      await kit.csv('units', UNITS);
      expect(await kit.issue(SYSTEM, 'createDemoAccounts', { unitIds: ['Q'] })).toEqual({
        ok: true,
        result: { created: 0 },
      });
      expect(await count()).toBe(1);
    });
  });
});

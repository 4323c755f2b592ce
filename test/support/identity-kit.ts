import { Logger } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import { Reflector } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { type Answer, CommandBus } from '../../src/commands/command-bus.js';
import type { PolicyKey } from '../../src/config/policy-keys.js';
import { type Policy, type PolicyValue, readPolicy } from '../../src/config/policy.js';
import { type Environment, readSettings, type Settings } from '../../src/config/settings.js';
import type { LoggedEvent } from '../../src/event-log/logged-event.js';
import { type Account, AccountStore } from '../../src/identity/account-store.js';
import { type Actor, SYSTEM } from '../../src/identity/actor.js';
import { Authentication } from '../../src/identity/authentication.js';
import { ChangeRights } from '../../src/identity/commands/change-rights.js';
import { CreateApiKey } from '../../src/identity/commands/create-api-key.js';
import { CreateDemoAccounts } from '../../src/identity/commands/create-demo-accounts.js';
import { RevokeApiKey } from '../../src/identity/commands/revoke-api-key.js';
import { FirstBoot } from '../../src/identity/first-boot.js';
import { HubSettings } from '../../src/identity/hub-settings.js';
import { LoginAttempts } from '../../src/identity/login-attempts.js';
import { Login } from '../../src/identity/login.js';
import { Passwords } from '../../src/identity/passwords.js';
import { People } from '../../src/identity/people.js';
import { Tokens } from '../../src/identity/tokens.js';
import { UserImporter } from '../../src/identity/user-import.js';
import { UserSkills } from '../../src/identity/user-skills.js';
import { readSkillPlan } from '../../src/config/skill-plan.js';
import { type ListKit, openListKit } from './list-kit.js';
import { allPlaced } from './store.js';

export interface IdentityKit extends ListKit {
  settings: Settings;
  policy: Policy;
  people: People;
  passwords: Passwords;
  tokens: Tokens;
  authentication: Authentication;
  logins: Login;
  /** The same database after a restart with another `HUB_PASSWORD_COST`. */
  loginsAtCost(cost: number): Login;
  accounts: AccountStore;
  hubSettings: HubSettings;
  skills: UserSkills;
  importer: UserImporter;
  bus: CommandBus;
  /** The same database under other settings, as after a restart. */
  firstBoot(env?: Environment): FirstBoot;
  addUser(userId: string, more?: Partial<Account> & { password?: string }): Promise<Actor>;
  account(userId: string): Promise<Account | undefined>;
  issue(actor: Actor, name: string, payload: object, commandId?: string): Promise<Answer>;
  /** What was committed up to now about users and keys. */
  events(): Promise<LoggedEvent[]>;
}

export const PASSWORD = 'right horse 9';

/** Identity on a real, empty database. */
export async function openIdentityKit(
  options: { policy?: Partial<Record<PolicyKey, PolicyValue>>; env?: Environment } = {},
): Promise<IdentityKit> {
  Logger.overrideLogger(['error', 'fatal']);
  const lists = await openListKit(options.policy ? { policy: options.policy } : {});
  const { unitOfWork, readModel, eventLog, listBook, clock, folder } = lists;
  const settingsFor = (env: Environment = {}) =>
    readSettings({ HUB_DATA_DIR: folder, HUB_PASSWORD_COST: '14', ...options.env, ...env });
  const settings = settingsFor();
  const policy = readPolicy('config', options.policy);
  const people = new People();
  const passwords = new Passwords(settings, clock, policy);
  const tokens = new Tokens(settings);
  const authentication = new Authentication(tokens, people, readModel, clock);
  const attempts = new LoginAttempts(unitOfWork, clock, policy, settings);
  const accounts = new AccountStore(eventLog);
  const skills = new UserSkills(accounts, eventLog);
  const hubSettings = new HubSettings();
  const handlers = [
    new ChangeRights(accounts, listBook),
    new CreateApiKey(settings, eventLog),
    new RevokeApiKey(eventLog),
    new CreateDemoAccounts(accounts, listBook, hubSettings, settings),
  ];
  const discovery = { getProviders: () => handlers.map((instance) => ({ instance })) };
  const bus = new CommandBus(
    discovery as unknown as DiscoveryService,
    new Reflector(),
    unitOfWork,
    clock,
    people,
    settings,
  );
  bus.onModuleInit();
  const loginsWith = (checked: Passwords) =>
    new Login(attempts, checked, tokens, authentication, people, readModel, unitOfWork, eventLog, clock, hubSettings);
  return {
    ...lists,
    settings,
    policy,
    people,
    passwords,
    tokens,
    authentication,
    logins: loginsWith(passwords),
    loginsAtCost: (cost) => {
      const now = settingsFor({ HUB_PASSWORD_COST: String(cost) });
      return loginsWith(new Passwords(now, clock, policy));
    },
    accounts,
    skills,
    hubSettings,
    importer: new UserImporter(
      accounts,
      passwords,
      skills,
      readSkillPlan('config'),
      listBook,
      unitOfWork,
      readModel,
      clock,
      policy,
    ),
    bus,
    firstBoot: (env) => {
      const now = settingsFor(env);
      return new FirstBoot(now, unitOfWork, readModel, hubSettings, accounts, new Passwords(now, clock, policy), clock);
    },
    addUser: async (userId, { password = PASSWORD, ...more } = {}) => {
      const hash = await passwords.hash(password);
      const account = { name: userId, roles: [], unitId: null, seatId: null, active: true, demo: false, ...more };
      await unitOfWork.run((tx) => accounts.add(tx, { ...account, userId }, hash));
      return { userId, name: account.name, roles: account.roles, unitId: account.unitId };
    },
    account: (userId) => readModel.run((tx) => accounts.find(tx, userId)),
    issue: (actor, name, payload, commandId = randomUUID()) => bus.execute(actor, { name, commandId, payload }),
    events: async () => (await allPlaced(lists)).filter(({ subject }) => /^(user|key):/.test(subject)),
  };
}

export { SYSTEM };

import { Global, Module } from '@nestjs/common';
import { AccountStore } from './account-store.js';
import { AuthController } from './auth.controller.js';
import { Authentication } from './authentication.js';
import { ChangeRights } from './commands/change-rights.js';
import { CreateApiKey } from './commands/create-api-key.js';
import { CreateDemoAccounts } from './commands/create-demo-accounts.js';
import { RevokeApiKey } from './commands/revoke-api-key.js';
import { CreateDemoAccountsWhenUnitsActivated } from './create-demo-accounts-when-units-activated.reaction.js';
import { FirstBoot } from './first-boot.js';
import { AuthGuard } from './http-auth.js';
import { HubSettings } from './hub-settings.js';
import { Login } from './login.js';
import { LoginAttempts } from './login-attempts.js';
import { Passwords } from './passwords.js';
import { People } from './people.js';
import { Seating } from './seating.js';
import { Tokens } from './tokens.js';
import { UnitPeopleController } from './unit-people.controller.js';
import { UnitPeople } from './unit-people.js';
import { UserImporter } from './user-import.js';
import { UserSkills } from './user-skills.js';

/** Who somebody is and what they may do. */
@Global()
@Module({
  controllers: [AuthController, UnitPeopleController],
  providers: [
    People,
    Tokens,
    Authentication,
    AuthGuard,
    Passwords,
    LoginAttempts,
    Login,
    AccountStore,
    HubSettings,
    UnitPeople,
    UserImporter,
    UserSkills,
    Seating,
    FirstBoot,
    ChangeRights,
    CreateApiKey,
    RevokeApiKey,
    CreateDemoAccounts,
    CreateDemoAccountsWhenUnitsActivated,
  ],
  exports: [People, Tokens, Authentication, AuthGuard, HubSettings, UserImporter, Seating, UserSkills],
})
export class IdentityModule {}

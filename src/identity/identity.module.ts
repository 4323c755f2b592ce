import { Global, Module } from '@nestjs/common';
import { Authentication } from './authentication.js';
import { AuthGuard } from './http-auth.js';
import { People } from './people.js';
import { Tokens } from './tokens.js';

/** Who somebody is and what they may do. */
@Global()
@Module({
  providers: [People, Tokens, Authentication, AuthGuard],
  exports: [People, Tokens, Authentication, AuthGuard],
})
export class IdentityModule {}

import { Global, Module } from '@nestjs/common';
import { Policy } from '../config/policy.js';
import { Beat } from '../deadlines/beat.js';
import { Tail } from '../event-log/tail.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { ChangePolicy } from './commands/change-policy.js';
import { PutPolicyInForce } from './commands/put-policy-in-force.js';
import { WithdrawPolicyChange } from './commands/withdraw-policy-change.js';
import { LivePolicy } from './live-policy.js';
import { PolicyAtStart } from './policy-at-start.js';
import { PolicyController } from './policy.controller.js';
import { PolicyDesk } from './policy-desk.js';
import { PolicyReading } from './policy-reading.js';
import { PolicyStore } from './policy-store.js';

/** What a city decides about the rule book's numbers while the hub runs; the values themselves are asked of `config/policy`. */
@Global()
@Module({
  controllers: [PolicyController],
  providers: [
    ChangePolicy,
    WithdrawPolicyChange,
    PutPolicyInForce,
    PolicyStore,
    PolicyDesk,
    PolicyReading,
    PolicyAtStart,
    { provide: LivePolicy, inject: [Policy, PolicyStore, ReadModel, Tail, Beat], useFactory: LivePolicy.open },
  ],
  exports: [LivePolicy],
})
export class PolicyModule {}

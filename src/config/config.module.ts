import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock } from './clock.js';
import { Policy } from './policy.js';
import { CryptoRandomness, Randomness } from './randomness.js';
import { Settings } from './settings.js';
import { readSkillPlan, SkillPlan } from './skill-plan.js';

/** Gives every feature the settings, the policy and the plan of skills that the boot has read and checked, the hub's time, and chance. */
@Global()
@Module({})
export class ConfigModule {
  static with(settings: Settings, policy: Policy, clock: Clock): DynamicModule {
    const providers = [
      { provide: Settings, useValue: settings },
      { provide: Policy, useValue: policy },
      { provide: SkillPlan, useFactory: () => readSkillPlan(settings.configDir) },
      { provide: Clock, useValue: clock },
      { provide: Randomness, useClass: CryptoRandomness },
    ];
    return { module: ConfigModule, providers, exports: providers };
  }
}

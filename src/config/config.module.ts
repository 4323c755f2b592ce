import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Policy } from './policy.js';
import { Settings } from './settings.js';

/** Gives every feature the settings and the policy that the boot has read and checked. */
@Global()
@Module({})
export class ConfigModule {
  static with(settings: Settings, policy: Policy): DynamicModule {
    const providers = [
      { provide: Settings, useValue: settings },
      { provide: Policy, useValue: policy },
    ];
    return { module: ConfigModule, providers, exports: providers };
  }
}

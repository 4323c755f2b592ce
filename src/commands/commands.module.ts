import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CommandBus } from './command-bus.js';
import { CommandsController } from './commands.controller.js';
import { RateLimits } from './rate-limits.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [CommandsController],
  providers: [RateLimits, CommandBus],
  exports: [RateLimits, CommandBus],
})
export class CommandsModule {}

import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CommandBus } from './command-bus.js';
import { CommandsController } from './commands.controller.js';
import { RateLimits } from './rate-limits.js';
import { ReplicaReads } from './replica-reads.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [CommandsController],
  providers: [RateLimits, CommandBus, ReplicaReads],
  exports: [RateLimits, CommandBus, ReplicaReads],
})
export class CommandsModule {}

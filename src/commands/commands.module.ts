import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CommandBus } from './command-bus.js';
import { CommandsController } from './commands.controller.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [CommandsController],
  providers: [CommandBus],
  exports: [CommandBus],
})
export class CommandsModule {}

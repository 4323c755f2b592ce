import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Duty } from './duty.js';
import { EventLog } from './event-log.js';
import { HeadExport } from './head-export.js';
import { LatestValues } from './latest-values.js';
import { LogReader } from './log-reader.js';
import { Reactions } from './reactions.js';
import { Retention } from './retention.js';
import { SetAside } from './set-aside.js';
import { Tail } from './tail.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [EventLog, LogReader, Tail, LatestValues, Duty, Reactions, Retention, HeadExport, SetAside],
  exports: [EventLog, LogReader, Tail, LatestValues, Reactions, SetAside],
})
export class EventLogModule {}

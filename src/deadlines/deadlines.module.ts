import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { Tail } from '../event-log/tail.js';
import { HubSettings } from '../identity/hub-settings.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { ActsInTime } from './acts-in-time.js';
import { AdvanceTime } from './advance-time.js';
import { Alarms } from './alarms.js';
import { Beat } from './beat.js';
import { ClockLedger } from './clock-ledger.js';
import { ClockOwners } from './clock-owners.js';
import { ClockRetention } from './clock-retention.js';
import { DeadlineLedger } from './deadline-ledger.js';
import { RingClock } from './ring-clock.js';
import { SaidFirst } from './said-first.js';
import { Sweeper } from './sweeper.js';
import { SystemTimer, Timer } from './timer.js';
import { VirtualTime } from './virtual-time.js';

@Global()
@Module({
  providers: [
    { provide: Timer, useClass: SystemTimer },
    Beat,
    ActsInTime,
    ClockLedger,
    ClockOwners,
    DeadlineLedger,
    SaidFirst,
    ClockRetention,
    RingClock,
    Sweeper,
    { provide: VirtualTime, inject: [Clock, HubSettings, ReadModel, Tail, Beat], useFactory: VirtualTime.open },
    AdvanceTime,
  ],
  exports: [ActsInTime, Beat, ClockLedger, ClockOwners, DeadlineLedger, RingClock, SaidFirst, Sweeper],
})
export class DeadlinesModule {
  /** `imports`: what the adapter needs. */
  static withAlarms(adapter: Type<Alarms>, ...imports: DynamicModule[]): DynamicModule {
    const alarms = { provide: Alarms, useClass: adapter };
    return { module: DeadlinesModule, imports, providers: [alarms], exports: [Alarms] };
  }
}

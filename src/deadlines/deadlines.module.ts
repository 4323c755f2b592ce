import { Global, Module } from '@nestjs/common';
import { Alarms } from './alarms.js';
import { Beat } from './beat.js';
import { ClockLedger } from './clock-ledger.js';
import { ClockRetention } from './clock-retention.js';
import { InProcessAlarms } from './in-process-alarms.js';
import { RingClock } from './ring-clock.js';
import { Sweeper } from './sweeper.js';
import { SystemTimer, Timer } from './timer.js';

@Global()
@Module({
  providers: [
    { provide: Timer, useClass: SystemTimer },
    { provide: Alarms, useClass: InProcessAlarms },
    Beat,
    ClockLedger,
    ClockRetention,
    RingClock,
    Sweeper,
  ],
  exports: [Beat, ClockLedger],
})
export class DeadlinesModule {}

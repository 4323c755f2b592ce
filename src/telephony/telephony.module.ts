import { Global, Module } from '@nestjs/common';
import { KeyedDigest } from '../commands/keyed-digest.js';
import { CallBook } from './call-book.js';
import { CallCounters } from './call-counters.js';
import { CallDesk } from './call-desk.js';
import { CallIds } from './call-ids.js';
import { CallPolicy } from './call-policy.js';
import { CallReading } from './call-reading.js';
import { CallStore } from './call-store.js';
import { EndLostCall } from './commands/end-lost-call.js';
import { LogWrongNumber } from './commands/log-wrong-number.js';
import { TakeTelephoneEvent } from './commands/take-telephone-event.js';
import { TransferCall } from './commands/transfer-call.js';
import { ViewCaller } from './commands/view-caller.js';
import { ContactLog } from './contact-log.js';
import { CtiController } from './cti.controller.js';
import { FloorCallsController } from './floor-calls.controller.js';
import { FloorCalls } from './floor-calls.js';
import { NumberViews } from './number-views.js';

/** What telephone switches tell, and what follows from it. */
@Global()
@Module({
  controllers: [CtiController, FloorCallsController],
  providers: [
    KeyedDigest,
    CallIds,
    CallPolicy,
    CallStore,
    CallDesk,
    CallBook,
    CallReading,
    CallCounters,
    FloorCalls,
    ContactLog,
    NumberViews,
    TakeTelephoneEvent,
    EndLostCall,
    ViewCaller,
    TransferCall,
    LogWrongNumber,
  ],
  exports: [CallBook, NumberViews],
})
export class TelephonyModule {}

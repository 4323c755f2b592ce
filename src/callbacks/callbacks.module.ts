import { Module } from '@nestjs/common';
import { KeyedDigest } from '../commands/keyed-digest.js';
import { CallBackWhenCallMissed } from './call-back-when-call-missed.reaction.js';
import { CallbackDesk } from './callback-desk.js';
import { CallbackPolicy } from './callback-policy.js';
import { CallbackStore } from './callback-store.js';
import { CallbacksController } from './callbacks.controller.js';
import { Callees } from './callees.js';
import { CallBackMissed } from './commands/call-back-missed.js';
import { DropMissedCallbacks } from './commands/drop-missed-callbacks.js';
import { DueCallback } from './commands/due-callback.js';
import { RecordCallback } from './commands/record-callback.js';
import { RestCallback } from './commands/rest-callback.js';
import { ScheduleCallback } from './commands/schedule-callback.js';
import { ViewCallee } from './commands/view-callee.js';
import { DropCallbacksWhenCallAnswered } from './drop-callbacks-when-call-answered.reaction.js';
import { RestCallbacksWhenReturned } from './rest-callbacks-when-returned.reaction.js';

/** People are called back: because somebody promised it, or because nobody answered them. */
@Module({
  controllers: [CallbacksController],
  providers: [
    KeyedDigest,
    CallbackPolicy,
    CallbackStore,
    CallbackDesk,
    Callees,
    ScheduleCallback,
    CallBackMissed,
    DropMissedCallbacks,
    DueCallback,
    RestCallback,
    RecordCallback,
    ViewCallee,
    CallBackWhenCallMissed,
    DropCallbacksWhenCallAnswered,
    RestCallbacksWhenReturned,
  ],
})
export class CallbacksModule {}

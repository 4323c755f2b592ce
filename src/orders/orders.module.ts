import { Global, Module } from '@nestjs/common';
import { ActWhenClockRanOut } from './act-when-clock-ran-out.reaction.js';
import { AutoDispatchWhenAccepted } from './auto-dispatch-when-accepted.reaction.js';
import { Accept } from './commands/accept.js';
import { Acknowledge } from './commands/acknowledge.js';
import { AddProgress } from './commands/add-progress.js';
import { AnswerDirectly } from './commands/answer-directly.js';
import { Ask } from './commands/ask.js';
import { ApproveExtension } from './commands/approve-extension.js';
import { ApproveSuspension } from './commands/approve-suspension.js';
import { AssignFirstReceiver } from './commands/assign-first-receiver.js';
import { AssignHandler } from './commands/assign-handler.js';
import { AutoAcknowledge } from './commands/auto-acknowledge.js';
import { AutoDispatch } from './commands/auto-dispatch.js';
import { CancelRequest } from './commands/cancel-request.js';
import { ConfirmEscalation } from './commands/confirm-escalation.js';
import { ConfirmObjection } from './commands/confirm-objection.js';
import { ConfirmRefusal } from './commands/confirm-refusal.js';
import { DeclineProposal } from './commands/decline-proposal.js';
import { Dispatch } from './commands/dispatch.js';
import { EscalateLevel } from './commands/escalate-level.js';
import { LapseRequest } from './commands/lapse-request.js';
import { LeaveToDispatcher } from './commands/leave-to-dispatcher.js';
import { LeaveToFirstReceiver } from './commands/leave-to-first-receiver.js';
import { Merge } from './commands/merge.js';
import { ObjectToDispatch } from './commands/object-to-dispatch.js';
import { OpenSupervision } from './commands/open-supervision.js';
import { OverruleObjection } from './commands/overrule-objection.js';
import { PromiseDue } from './commands/promise-due.js';
import { RecordContact } from './commands/record-contact.js';
import { RedispatchDown } from './commands/redispatch-down.js';
import { RecalculateDeadlines } from './commands/recalculate-deadlines.js';
import { RefreshReaders } from './commands/refresh-readers.js';
import { Refuse } from './commands/refuse.js';
import { Reply } from './commands/reply.js';
import { RequestExtension } from './commands/request-extension.js';
import { RequestSuspension } from './commands/request-suspension.js';
import { Resume } from './commands/resume.js';
import { ResumeAtEnd } from './commands/resume-at-end.js';
import { StartMissingClocks } from './commands/start-missing-clocks.js';
import { SignalDeadlines } from './commands/signal-deadlines.js';
import { UpholdObjection } from './commands/uphold-objection.js';
import { Urge } from './commands/urge.js';
import { Hearing } from './hearing.js';
import { MissingClocksAtStart } from './missing-clocks-at-start.js';
import { OpenListGapWhenDispatchDeferred } from './open-list-gap-when-dispatch-deferred.reaction.js';
import { OpenListGapWhenObjectionUpheld } from './open-list-gap-when-objection-upheld.reaction.js';
import { OrderClocks } from './order-clocks.js';
import { OrderBook } from './order-book.js';
import { OrderDesk } from './order-desk.js';
import { OrderStore } from './order-store.js';
import { OrderQueriesModule } from './queries/order-queries.module.js';
import { RecalculateDeadlinesWhenRulesChanged } from './recalculate-deadlines-when-rules-changed.reaction.js';
import { SuspensionTimer } from './suspension-timer.js';
import { RefreshReadersWhenUnitsInForce } from './refresh-readers-when-units-in-force.reaction.js';

const commands = [
  AnswerDirectly,
  Refuse,
  ConfirmRefusal,
  Accept,
  Merge,
  Dispatch,
  AutoDispatch,
  LeaveToDispatcher,
  Acknowledge,
  ObjectToDispatch,
  ConfirmObjection,
  UpholdObjection,
  OverruleObjection,
  AssignFirstReceiver,
  RecordContact,
  AddProgress,
  AssignHandler,
  EscalateLevel,
  ConfirmEscalation,
  DeclineProposal,
  Urge,
  OpenSupervision,
  RedispatchDown,
  Ask,
  Reply,
  RefreshReaders,
  AutoAcknowledge,
  LeaveToFirstReceiver,
  SignalDeadlines,
  PromiseDue,
  RequestExtension,
  ApproveExtension,
  RequestSuspension,
  ApproveSuspension,
  CancelRequest,
  Resume,
  ResumeAtEnd,
  LapseRequest,
  RecalculateDeadlines,
  StartMissingClocks,
];

/** What happens to an order from its registration on. */
@Global()
@Module({
  imports: [OrderQueriesModule],
  providers: [
    OrderStore,
    OrderDesk,
    OrderClocks,
    SuspensionTimer,
    OrderBook,
    Hearing,
    ...commands,
    MissingClocksAtStart,
    AutoDispatchWhenAccepted,
    ActWhenClockRanOut,
    OpenListGapWhenDispatchDeferred,
    OpenListGapWhenObjectionUpheld,
    RefreshReadersWhenUnitsInForce,
    RecalculateDeadlinesWhenRulesChanged,
  ],
  exports: [OrderBook, OrderQueriesModule],
})
export class OrdersModule {}

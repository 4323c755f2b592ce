import { Module } from '@nestjs/common';
import { NumberSeries } from '../intake/number-series.js';
import { ActWhenWhistleClockRanOut } from './act-when-whistle-clock-ran-out.reaction.js';
import { AcceptResult } from './commands/accept-result.js';
import { BlowWhistle } from './commands/blow-whistle.js';
import { ConfirmReportRefusal } from './commands/confirm-report-refusal.js';
import { Convene } from './commands/convene.js';
import { DeclineWhistle } from './commands/decline-whistle.js';
import { EscalateWhistle } from './commands/escalate-whistle.js';
import { LinkOrder } from './commands/link-order.js';
import { MarkAbsent } from './commands/mark-absent.js';
import { MissMeeting } from './commands/miss-meeting.js';
import { NameLead } from './commands/name-lead.js';
import { RateBlower } from './commands/rate-blower.js';
import { RefuseReport } from './commands/refuse-report.js';
import { RejectAcceptance } from './commands/reject-acceptance.js';
import { ReportIn } from './commands/report-in.js';
import { ReportTask } from './commands/report-task.js';
import { RuleOnReportRefusal } from './commands/rule-on-report-refusal.js';
import { StartWork } from './commands/start-work.js';
import { SubmitForAcceptance } from './commands/submit-for-acceptance.js';
import { TakeHigher } from './commands/take-higher.js';
import { TaskDone } from './commands/task-done.js';
import { WaiveTask } from './commands/waive-task.js';
import { ReadMessages } from './commands/read-messages.js';
import { SayInRoom } from './commands/say-in-room.js';
import { WithdrawWhistle } from './commands/withdraw-whistle.js';
import { RoomMessages } from './room-messages.js';
import { WhistleReading } from './queries/whistle-reading.js';
import { WhistlesController } from './queries/whistles.controller.js';
import { WhistleDesk } from './whistle-desk.js';
import { WhistleRoom } from './whistle-room.js';
import { WhistleStore } from './whistle-store.js';

const commands = [
  AcceptResult,
  BlowWhistle,
  ConfirmReportRefusal,
  Convene,
  DeclineWhistle,
  EscalateWhistle,
  LinkOrder,
  MarkAbsent,
  MissMeeting,
  NameLead,
  RateBlower,
  RefuseReport,
  RejectAcceptance,
  ReportIn,
  ReportTask,
  RuleOnReportRefusal,
  StartWork,
  SubmitForAcceptance,
  TakeHigher,
  TaskDone,
  WaiveTask,
  WithdrawWhistle,
  SayInRoom,
  ReadMessages,
];

/** What no unit can solve alone: 街乡吹哨、部门报到. */
@Module({
  controllers: [WhistlesController],
  providers: [
    NumberSeries,
    WhistleStore,
    WhistleDesk,
    RoomMessages,
    WhistleRoom,
    WhistleReading,
    ...commands,
    ActWhenWhistleClockRanOut,
  ],
})
export class CoordinationModule {}

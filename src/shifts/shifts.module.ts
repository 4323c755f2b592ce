import { Global, Module } from '@nestjs/common';
import { AwaitShiftsWhenRosterImported } from './await-shifts-when-roster-imported.reaction.js';
import { AwaitShift } from './commands/await-shift.js';
import { BeginShift } from './commands/begin-shift.js';
import { EndShift } from './commands/end-shift.js';
import { NoteShift } from './commands/note-shift.js';
import { OverrunBreak } from './commands/overrun-break.js';
import { SignOff } from './commands/sign-off.js';
import { SignOffSeat } from './commands/sign-off-seat.js';
import { SignOn } from './commands/sign-on.js';
import { StayOn } from './commands/stay-on.js';
import { EndShiftWhenCallOver } from './end-shift-when-call-over.reaction.js';
import { NoteShiftWhenSeatChanged } from './note-shift-when-seat-changed.reaction.js';
import { RosterDrafts } from './roster-drafts.js';
import { RosterImporter } from './roster-import.js';
import { RosterRules } from './roster-rules.js';
import { RosterStore } from './roster-store.js';
import { ShiftDesk } from './shift-desk.js';
import { ShiftPlan } from './shift-plan.js';
import { ShiftPolicy } from './shift-policy.js';
import { ShiftsController } from './shifts.controller.js';

/** Who works when and where, what ends with a shift, and who may take a break. */
@Global()
@Module({
  controllers: [ShiftsController],
  providers: [
    ShiftPlan,
    ShiftPolicy,
    RosterStore,
    RosterDrafts,
    RosterImporter,
    ShiftDesk,
    RosterRules,
    SignOn,
    SignOff,
    StayOn,
    SignOffSeat,
    AwaitShift,
    BeginShift,
    EndShift,
    NoteShift,
    NoteShiftWhenSeatChanged,
    AwaitShiftsWhenRosterImported,
    EndShiftWhenCallOver,
    OverrunBreak,
  ],
  exports: [RosterImporter],
})
export class ShiftsModule {}

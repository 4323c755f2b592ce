import { Module } from '@nestjs/common';
import { MessageSeat } from './commands/message-seat.js';
import { FloorController } from './floor.controller.js';
import { FloorCounters } from './floor-counters.js';
import { FloorItems } from './floor-items.js';
import { FloorPolicy } from './floor-policy.js';
import { FloorSeats } from './floor-seats.js';
import { FloorStore } from './floor-store.js';
import { SeatMessages } from './seat-messages.js';
import { SeatTimeline } from './seat-timeline.js';

/** How the floor stands, and what a shift leader sees and says there. */
@Module({
  controllers: [FloorController],
  providers: [FloorCounters, FloorPolicy, FloorStore, FloorItems, FloorSeats, SeatTimeline, SeatMessages, MessageSeat],
  exports: [FloorCounters],
})
export class FloorModule {}

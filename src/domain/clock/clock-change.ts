import type { DeadlineEventType } from '@minqing-hub/client-sdk/protocol';
import type { Deadline } from './deadline.js';

/** What happened to a clock. */
export interface ClockChange {
  type: DeadlineEventType;
  /** After it. */
  deadline: Deadline;
}

/** Clocks after what happened to them, and what that was. */
export interface ClocksAfter {
  deadlines: Deadline[];
  changes: ClockChange[];
}

import { Injectable } from '@nestjs/common';

/** The hub's time. Nothing else reads the system's. */
export abstract class Clock {
  /** Milliseconds since 1970 (UTC). */
  abstract now(): number;

  /**
   * How far that is ahead of the machine's own time, ms: 0, unless the time is virtual and was moved. For what a jump may
   * not end, such as the life of a token.
   */
  get aheadMs(): number {
    return 0;
  }
}

@Injectable()
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

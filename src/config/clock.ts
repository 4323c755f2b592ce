import { Injectable } from '@nestjs/common';

/** The hub's time. Nothing else reads the system's. */
export abstract class Clock {
  /** Milliseconds since 1970 (UTC). */
  abstract now(): number;
}

@Injectable()
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

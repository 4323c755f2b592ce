import { Injectable } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { aheadOfShared, SharedTime } from '../storage/shared-time.js';
import { ReadModel } from '../storage/unit-of-work.js';

/** How far this machine's time is from the one that all nodes share. */
@Injectable()
export class TimeApart {
  constructor(
    private readonly readModel: ReadModel,
    private readonly shared: SharedTime,
    private readonly clock: Clock,
  ) {}

  /** ms that it is ahead; below 0: behind. Where there is one node it is 0. */
  measure(): Promise<number> {
    return this.readModel.run((tx) => aheadOfShared(tx, this.shared, this.clock));
  }
}

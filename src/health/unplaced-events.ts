import { Injectable, Optional } from '@nestjs/common';
import { Placing } from '../event-log/placing.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { Standing, steadyNow } from './standing.js';

/**
 * Whether committed events get their place: until then no node tells of them, and the log's head, by which each node
 * measures how far it is behind, does not move either.
 */
@Injectable()
export class UnplacedEvents {
  private readonly oldest: Standing<number>;

  constructor(
    private readonly readModel: ReadModel,
    private readonly placing: Placing,
    @Optional() steady: () => number = steadyNow,
  ) {
    this.oldest = new Standing(steady);
  }

  count(): Promise<number> {
    return this.readModel.run((tx) => this.placing.waitingCount(tx));
  }

  /** For so long at least the same one has stood first in line. */
  async waitedSeconds(): Promise<number> {
    return this.oldest.seconds(await this.readModel.run((tx) => this.placing.oldestWaiting(tx)));
  }
}

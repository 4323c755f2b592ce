import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { Beat } from '../deadlines/beat.js';
import { DAY_MS } from '../domain/telephony/call-stats.js';
import { CountedCalls } from '../domain/telephony/counted-calls.js';
import { LatestValues } from '../event-log/latest-values.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Tail } from '../event-log/tail.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { CallPolicy } from './call-policy.js';
import { CallStore } from './call-store.js';

/**
 * [CT6] How the telephone is answered, told to the floor. Memory of this node: read from the rows once, then kept by the
 * log's events; what leaves the 24 hours is forgotten at the next beat.
 */
@Injectable()
export class CallCounters implements OnModuleInit {
  private readonly counted = new CountedCalls();
  /** Events that came while the rows were being read. */
  private meanwhile: LoggedEvent[] | undefined;
  private sure = false;

  constructor(
    private readonly tail: Tail,
    private readonly beat: Beat,
    private readonly latestValues: LatestValues,
    private readonly readModel: ReadModel,
    private readonly calls: CallStore,
    private readonly clock: Clock,
    private readonly policy: CallPolicy,
  ) {}

  onModuleInit(): void {
    this.tail.onPlaced((events) => this.take(events));
    this.tail.onNewLog(() => this.beginAnew());
    this.beat.each(async () => {
      if (!this.sure) return this.recount();
      if (this.counted.forget(this.clock.now())) this.publish();
    });
  }

  private beginAnew(): void {
    this.sure = false;
    if (this.meanwhile) this.meanwhile = [];
  }

  /** Until the tail is known to have been at work before the rows were read: what lay between would never be told. */
  private async recount(): Promise<void> {
    const follows = this.tail.position > 0;
    const told: LoggedEvent[] = [];
    this.meanwhile = told;
    try {
      const since = this.clock.now() - DAY_MS;
      const rows = await this.readModel.run((tx) => this.calls.countedSince(tx, since));
      // If the log became another one these rows may not be of it: the next beat counts anew.
      if (told !== this.meanwhile) return;
      this.counted.begin(rows);
      this.sure = follows;
    } finally {
      const meanwhile = this.meanwhile;
      this.meanwhile = undefined;
      for (const event of meanwhile) this.counted.take(event);
    }
    this.publish();
  }

  private take(events: readonly LoggedEvent[]): void {
    if (this.meanwhile) {
      this.meanwhile.push(...events.filter(({ type }) => type.startsWith('call.')));
      return;
    }
    // What counts as answered in time may be another matter by now.
    let touched = events.some(({ type }) => type === 'policy.changed');
    for (const event of events) touched = this.counted.take(event) || touched;
    if (touched) this.publish();
  }

  private publish(): void {
    const stats = () => this.counted.stats(this.clock.now(), this.policy.answerMs);
    this.latestValues.publishWhenTold('floor', 'floor.calls', stats);
  }
}

import { Injectable } from '@nestjs/common';
import { Tail } from '../event-log/tail.js';
import { ReadModel } from '../storage/unit-of-work.js';

/** What stands in the log and was not handed out here yet. */
export interface Lag {
  /** Of the last event that has a place, seen from any node. */
  head: number;
  events: number;
  /** For so long at least the oldest of them has stood there. */
  seconds: number;
}

/**
 * How far this node's tail is behind the log. It is counted from when somebody first looked, by a clock that nobody sets:
 * an event's own time says when its command came, which may have stood in line.
 */
@Injectable()
export class LogLag {
  /** Where the head stood at earlier looks and the tail does not yet. */
  private seen: { seq: number; at: number }[] = [];

  constructor(
    private readonly readModel: ReadModel,
    private readonly tail: Tail,
  ) {}

  async measure(): Promise<Lag> {
    const row = await this.readModel.run((tx) => tx.one<{ seq: number }>('SELECT seq FROM log_head WHERE id = 1'));
    const head = row?.seq ?? 0;
    const now = performance.now();
    const { position } = this.tail;
    // Of a log that has lost its end nothing is waited for that was in it.
    this.seen = this.seen.filter(({ seq }) => seq > position && seq <= head);
    if (head > (this.seen.at(-1)?.seq ?? position)) this.seen.push({ seq: head, at: now });
    const since = this.seen[0]?.at ?? now;
    return { head, events: Math.max(0, head - position), seconds: (now - since) / 1_000 };
  }
}

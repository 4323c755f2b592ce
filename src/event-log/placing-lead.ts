/** Who has placed nothing for so long leads no more. */
const SILENT_AFTER_MS = 1_000;

/**
 * Who places for all: the node that did so last. A hint that saves rounds which only one can win: where it is wrong or
 * nobody knows of anybody, everybody tries, and the log's key decides.
 */
export class PlacingLead {
  private leader: { node: string; heardAt: number } | undefined;

  /** `own`: this node. Times are ms of a clock that only goes on. */
  constructor(private readonly own: string) {}

  /** This node need not leave it to another one. */
  isOwn(now: number): boolean {
    return this.leaderAt(now) === undefined || this.leaderAt(now) === this.own;
  }

  /** A node placed events. Of two that lead, the first by name stays. */
  placed(node: string, now: number): void {
    if (this.leaderAt(now) === this.own && node > this.own) return;
    this.leader = { node, heardAt: now };
  }

  private leaderAt(now: number): string | undefined {
    return this.leader && now - this.leader.heardAt <= SILENT_AFTER_MS ? this.leader.node : undefined;
  }
}

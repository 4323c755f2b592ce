const KEPT_PULSES = 3;

/**
 * The hub's time, learnt from the hub. It is counted on a monotonic clock, so that a local clock that is wrong, or is set
 * right while the console runs, changes nothing.
 */
export class HubTime {
  /** hub time − ticks of the last pulses. A pulse is only ever late, so the largest is the best. */
  private pulses: number[] = [];
  private fromDate: number | null = null;
  private quickestTrip: number | null = null;

  constructor(
    readonly ticks: () => number = () => performance.now(),
    private readonly localNow: () => number = () => Date.now(),
  ) {}

  /** Milliseconds since 1970 (UTC) at the hub. Before anything was learnt it is the local clock's guess. */
  now(): number {
    const offset = this.offset();
    return Math.round(offset === null ? this.localNow() : this.ticks() + offset);
  }

  get learnt(): boolean {
    return this.offset() !== null;
  }

  pulse(hubNow: number): void {
    this.pulses = [...this.pulses, hubNow - this.ticks()].slice(-KEPT_PULSES);
  }

  /** Ticks that a question and its answer took. */
  roundTrip(took: number): void {
    if (this.quickestTrip === null || took < this.quickestTrip) this.quickestTrip = took;
  }

  /** The `Date` header of an answer, whole seconds: good enough until the first pulse. */
  answerDate(header: string | null, askedAtTicks: number): void {
    const date = header === null ? Number.NaN : Date.parse(header);
    if (Number.isNaN(date)) return;
    this.fromDate = date + 500 - (askedAtTicks + this.ticks()) / 2;
  }

  private offset(): number | null {
    if (this.pulses.length > 0) return Math.max(...this.pulses) + (this.quickestTrip ?? 0) / 2;
    return this.fromDate;
  }
}

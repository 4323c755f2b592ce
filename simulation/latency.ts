import { type Percentiles, percentilesOf } from './percentiles.js';

/** From the moment a command leaves one console until another console, on a socket of its own, shows its event. */
export class LatencyMeter {
  private readonly sent = new Map<string, number>();
  private readonly samples: number[] = [];

  constructor(private readonly ticks: () => number = () => performance.now()) {}

  /** `event`: the type that the other console will be told. */
  leaves(orderNo: string, event: string): void {
    this.sent.set(`${orderNo} ${event}`, this.ticks());
  }

  /** `brokenAt`: when the showing console was last cut off; what it missed meanwhile says nothing about the hub. */
  shows(orderNo: string, event: string, brokenAt: number): void {
    const sentAt = this.sent.get(`${orderNo} ${event}`);
    if (sentAt === undefined) return;
    this.sent.delete(`${orderNo} ${event}`);
    if (brokenAt < sentAt) this.samples.push(this.ticks() - sentAt);
  }

  /** The command was refused: no event will come. */
  forget(orderNo: string, event: string): void {
    this.sent.delete(`${orderNo} ${event}`);
  }

  report(): Percentiles {
    return percentilesOf(this.samples);
  }
}

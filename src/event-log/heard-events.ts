import type { LoggedEvent } from './logged-event.js';

/** So many wait here for who is slow; beyond that they are read from the log when their turn comes. */
const MOST_HEARD = 1_000;

export interface EventsOfTypes {
  events: LoggedEvent[];
  /** The seq up to which none was left out. */
  scannedTo: number;
  /** Whether there is more log behind that. */
  more: boolean;
}

/** What the tail handed out lately, of some types: who has come so far need not read it again. */
export class HeardEvents {
  private events: LoggedEvent[] = [];
  /** Every event of these types after the one and up to the other is here. */
  private from = 0;
  private to = -1;

  constructor(private readonly types: readonly string[]) {}

  /** `after`: the seq that the events follow on. */
  hear(events: readonly LoggedEvent[], after: number): void {
    if (after !== this.to) this.beginAt(after);
    for (const event of events) if (this.types.includes(event.type)) this.events.push(event);
    this.to = events.at(-1)?.seq ?? after;
    if (this.events.length > MOST_HEARD) this.beginAt(this.to);
  }

  /** The first after `seq`, at most `limit`; what lies before is not asked for again. `undefined`: it was not heard here. */
  after(seq: number, limit: number): EventsOfTypes | undefined {
    if (seq < this.from || seq > this.to) return undefined;
    this.events = this.events.filter((event) => event.seq > seq);
    this.from = seq;
    const events = this.events.slice(0, limit);
    const scannedTo = events.length === limit ? events.at(-1)!.seq : this.to;
    return { events, scannedTo, more: scannedTo < this.to };
  }

  /** The log is another one than was heard of. */
  forget(): void {
    this.beginAt(-1);
  }

  private beginAt(seq: number): void {
    this.events = [];
    this.from = this.to = seq;
  }
}

import type { HubEvent } from '@minqing-hub/client-sdk/protocol';
import type { Entry, Unstamped } from './entry.js';

/**
 * Writes down what consoles do and see. Events that many consoles see alike are kept once: a minute of a busy hub is
 * hundreds of thousands of deliveries.
 */
export class Recorder {
  readonly entries: Entry[] = [];
  /** Events that reached a console, each console counted. */
  deliveries = 0;
  /** Commands that came to an answer. */
  answered = 0;
  private calls = 0;
  private subs = 0;
  private readonly known = new Map<string, { text: string; event: HubEvent }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  add(entry: Unstamped): void {
    if (entry.kind === 'answered') this.answered += 1;
    this.entries.push({ at: this.now(), ...entry });
  }

  /** What others saw, who have a clock of their own. */
  take(entries: readonly Entry[]): void {
    this.entries.push(...entries);
    this.entries.sort((one, other) => one.at - other.at);
  }

  nextCall(): number {
    return (this.calls += 1);
  }

  nextSub(): number {
    return (this.subs += 1);
  }

  /** The same objects for what is the same; what differs stays different. */
  shared(room: string, events: readonly HubEvent[]): HubEvent[] {
    this.deliveries += events.length;
    return events.map((event) => {
      const key = `${room} ${event.id}`;
      const text = JSON.stringify(event);
      const known = this.known.get(key);
      if (known?.text === text) return known.event;
      if (!known) this.known.set(key, { text, event });
      return event;
    });
  }
}

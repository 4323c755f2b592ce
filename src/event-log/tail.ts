import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { UnitOfWork } from '../storage/unit-of-work.js';
import { LogReader, type PlacedEvent } from './log-reader.js';

/** The wake-up makes the tail prompt; this poll makes it sure. */
const POLL_EVERY_MS = 1_000;
const BATCH = 500;

/** `after`: the seq that the events follow on. */
type Listener = (events: PlacedEvent[], after: number) => void;

/** Reads the log forward from where this node stands and hands it, in order, to all that follow it here. */
@Injectable()
export class Tail implements OnApplicationShutdown {
  private readonly listeners: Listener[] = [];
  private readonly log = new Logger('Tail');
  private cursor = 0;
  private reading: Promise<void> | undefined;
  private wanted = false;
  private poll: NodeJS.Timeout | undefined;
  private behindSince: number | null = null;

  constructor(
    private readonly reader: LogReader,
    private readonly clock: Clock,
    unitOfWork: UnitOfWork,
  ) {
    unitOfWork.onCommit(() => this.wake());
  }

  /** Seq of the last event handed to every listener. */
  get position(): number {
    return this.cursor;
  }

  /** How long the oldest event that is known here has waited, ms. */
  get lagMs(): number {
    return this.behindSince === null ? 0 : this.machineNow() - this.behindSince;
  }

  /** Listeners get placed events in seq order, in batches, and may not await: what takes time follows the log by itself. */
  onPlaced(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Begins at the log's end: what lies before comes to consoles as snapshots and replays. */
  async start(): Promise<void> {
    this.cursor = (await this.reader.head()).seq;
    this.poll = setInterval(() => this.wake(), POLL_EVERY_MS);
    // What was placed while the hub was starting is handed to nobody; who follows the log by itself looks once more.
    this.hand([]);
  }

  wake(): void {
    if (!this.poll) return;
    this.wanted = true;
    this.reading ??= this.readOn();
  }

  /** Resolves when everything placed up to `seq` has been handed out. */
  async reached(seq: number): Promise<void> {
    while (this.cursor < seq && this.poll) {
      this.wake();
      await this.reading;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.poll);
    this.poll = undefined;
    await this.reading;
  }

  /** A jump of a virtual clock is no delay. */
  private machineNow(): number {
    return this.clock.now() - this.clock.aheadMs;
  }

  private async readOn(): Promise<void> {
    while (this.wanted) {
      this.wanted = false;
      this.behindSince ??= this.machineNow();
      try {
        for (;;) {
          const events = await this.reader.after(this.cursor, BATCH);
          if (events.length === 0) break;
          this.hand(events);
          this.cursor = events.at(-1)!.seq;
        }
        this.behindSince = null;
      } catch (error) {
        this.log.error('the log could not be read on; the next poll tries again', error as Error);
      }
    }
    this.reading = undefined;
  }

  private hand(events: PlacedEvent[]): void {
    for (const listener of this.listeners) {
      try {
        listener(events, this.cursor);
      } catch (error) {
        this.log.error('a listener of the log failed', error as Error);
      }
    }
  }
}

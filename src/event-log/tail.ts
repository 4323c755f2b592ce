import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { LogReader, type PlacedEvent, type Position } from './log-reader.js';
import { Placing } from './placing.js';

/**
 * The wake-up makes the tail prompt; this poll makes it sure. Where no words are carried, rights that were taken away at
 * another node end here by it: within a second, of which placing may take a quarter. [I6]
 */
const POLL_EVERY_MS = 400;
const BATCH = 500;
const REST_AFTER_FAILURE_MS = 100;
/** While more comes all the time, a read waits as long as the one before it took, at most so long: then it finds more. */
const LONGEST_REST_MS = 50;

/** `after`: the seq that the events follow on. */
type Listener = (events: PlacedEvent[], after: number) => void;

/**
 * Reads the log forward from where this node stands and hands it, in order, to all that follow it here.
 *
 * A database shows a commit a moment before it is on the disk; a power cut in that moment takes it back, and with it what
 * was handed out already. So each read first looks whether the log still goes on where this node stands; where it does
 * not, the log gets a new epoch, and whoever knew the old one begins anew. [I3]
 */
@Injectable()
export class Tail implements OnApplicationShutdown {
  private readonly listeners: Listener[] = [];
  private readonly newLogListeners: ((at: Position, before: Position) => void)[] = [];
  private readonly log = new Logger('Tail');
  private at: Position = { epoch: '', seq: 0, hash: '' };
  private reading: Promise<void> | undefined;
  private wanted = false;
  private poll: NodeJS.Timeout | undefined;
  private behindSince: number | null = null;

  constructor(
    private readonly reader: LogReader,
    private readonly clock: Clock,
    private readonly placing: Placing,
  ) {
    placing.onPlaced(() => this.wake());
  }

  /** Seq of the last event handed to every listener. */
  get position(): number {
    return this.at.seq;
  }

  /** How long the oldest event that is known here has waited, ms. */
  get lagMs(): number {
    return this.behindSince === null ? 0 : this.machineNow() - this.behindSince;
  }

  /** Listeners get placed events in seq order, in batches, and may not await: what takes time follows the log by itself. */
  onPlaced(listener: Listener): void {
    this.listeners.push(listener);
  }

  /**
   * Called when the log is another one than before, with where it is followed from and how far the old one was; nothing in
   * between is handed out.
   */
  onNewLog(listener: (at: Position, before: Position) => void): void {
    this.newLogListeners.push(listener);
  }

  /** Begins at the log's end: what lies before comes to consoles as snapshots and replays. */
  async start(): Promise<void> {
    this.at = await this.reader.head();
    this.poll = setInterval(() => this.wake(), POLL_EVERY_MS);
    // What was placed while the hub was starting is handed to nobody; who follows the log by itself looks once more.
    this.hand([]);
  }

  wake(): void {
    if (!this.poll) return;
    this.wanted = true;
    this.reading ??= this.readOn();
  }

  /** Resolves when everything placed up to `seq` has been handed out, or when that log is no more. */
  async reached(seq: number): Promise<void> {
    const { epoch } = this.at;
    while (this.at.seq < seq && this.at.epoch === epoch && this.poll) {
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
      const begun = performance.now();
      try {
        while (await this.readBatch());
        this.behindSince = null;
        if (this.wanted) await delay(Math.min(LONGEST_REST_MS, performance.now() - begun));
      } catch (error) {
        this.log.error('the log could not be read on; the next poll tries again', error as Error);
        // Who waits for it asks again at once.
        await delay(REST_AFTER_FAILURE_MS);
      }
    }
    this.reading = undefined;
  }

  /** Answers whether there may be more. */
  private async readBatch(): Promise<boolean> {
    const read = await this.reader.since(this.at, BATCH);
    if (!read) {
      await this.beginAnew();
      return true;
    }
    if (read.events.length === 0) return false;
    this.hand(read.events);
    this.at = read.at;
    // Of what comes from now on there is word.
    return read.events.length === BATCH;
  }

  private async beginAnew(): Promise<void> {
    const before = this.at;
    await this.placing.endEpoch(before.epoch);
    this.at = await this.reader.head();
    const { epoch, seq } = this.at;
    this.log.error(`the log of epoch ${before.epoch} is gone after ${before.seq}; that of ${epoch} is at ${seq}`);
    for (const listener of this.newLogListeners) listener(this.at, before);
  }

  private hand(events: PlacedEvent[]): void {
    for (const listener of this.listeners) {
      try {
        listener(events, this.at.seq);
      } catch (error) {
        this.log.error('a listener of the log failed', error as Error);
      }
    }
  }
}

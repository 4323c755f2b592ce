import { setImmediate as turn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { CommandBus } from '../commands/command-bus.js';
import { derivedId } from '../commands/derived-id.js';
import { SYSTEM } from '../identity/actor.js';
import { type ReadModel, type ReadTx, StorageUnavailable, type UnitOfWork } from '../storage/unit-of-work.js';
import { HeardEvents } from './heard-events.js';
import type { KeptPlaces, Place } from './kept-places.js';
import type { LoggedEvent } from './logged-event.js';
import type { LogReader } from './log-reader.js';
import type { Reaction, ReactionCommand } from './reaction.js';
import type { SetAside } from './set-aside.js';

const BATCH = 100;
/** The pause after a failure; longer by as much after each further one, up to the longest. */
const RETRY_AFTER_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
/** While it fails again and again there is a line in the log so often. */
const SAY_EVERY_MS = 30_000;
/**
 * An event that fails so often, while the hub can write, is set aside: one poisoned event may not stop all after it. What
 * fails because there is no database is no event's fault, and is waited out, however long that takes.
 */
const MOST_TRIES = 5;
/** Events read without effect are not read again after a restart once there are this many. */
const SCANNED_UNSAVED = 2_000;

interface Failure {
  event: LoggedEvent;
  reason: string;
  /** Nothing is known against the event itself. */
  outage: boolean;
}

/**
 * A named consumer of the log: goes on from its own row, which survives restarts, with what the tail hands out, or reads
 * the log where it is not that far.
 */
export class Follower {
  private running: Promise<void> | undefined;
  private wanted = false;
  /** Whether it is this node that follows the log up. */
  private onDuty = false;
  /** What was set aside is still to be tried once more: who begins may be a hub in which what broke it is mended. */
  private again = false;
  /** Read up to here, in memory; what is kept lies a little behind. */
  private cursor: number | undefined;
  /** Of the log that the cursor is a place in. */
  private epoch = '';
  private told = 0;
  /** Counts the times that its place was read anew: what was at work then moves it no more. */
  private reading = 0;
  /** How often each event of the batch at the cursor has failed, by its seq. */
  private readonly tries = new Map<number, number>();
  private failedInARow = 0;
  private saidAt = -Infinity;
  private retry: NodeJS.Timeout | undefined;
  /** Since when it is at the events at the cursor, as `performance.now` tells it. */
  private heldSince: number | undefined;
  private readonly heard: HeardEvents;
  private readonly log = new Logger(`Reaction ${this.name}`);

  constructor(
    readonly name: string,
    private readonly reaction: Reaction,
    private readonly reader: LogReader,
    private readonly readModel: ReadModel,
    private readonly unitOfWork: UnitOfWork,
    private readonly bus: CommandBus,
    private readonly places: KeptPlaces,
    private readonly aside: SetAside,
  ) {
    this.heard = new HeardEvents(reaction.on);
  }

  /** For so long it has been at the same events, ms; 0 while it gets on, or has none to follow up. */
  get heldUpMs(): number {
    return this.heldSince === undefined ? 0 : performance.now() - this.heldSince;
  }

  /** From where it was left, by whichever node. */
  begin(): void {
    this.onDuty = true;
    this.again = true;
    this.readPlaceAgain();
  }

  /** What it read until now may never have been. */
  readPlaceAgain(): void {
    this.cursor = undefined;
    this.heldSince = undefined;
    this.tries.clear();
    this.heard.forget();
    this.reading += 1;
    this.wake();
  }

  standBy(): void {
    this.onDuty = false;
    this.heldSince = undefined;
    clearTimeout(this.retry);
    this.retry = undefined;
  }

  hear(events: readonly LoggedEvent[], after: number): void {
    if (!this.onDuty) return;
    this.heard.hear(events, after);
    this.wake();
  }

  /** What comes while it pauses after a failure does not make the pause shorter. */
  private wake(): void {
    if (!this.onDuty || this.retry) return;
    this.wanted = true;
    this.running ??= this.run();
  }

  /** Where it goes on. */
  async takePlace(): Promise<number> {
    if (this.cursor !== undefined) return this.cursor;
    const { reading } = this;
    const { seq, epoch } = await this.position();
    // What was read meanwhile may be of a log that is no more.
    if (reading !== this.reading) return this.takePlace();
    this.epoch = epoch;
    return (this.cursor = this.told = seq);
  }

  /** Resolves when it is not at work. */
  async idle(): Promise<void> {
    await this.running;
  }

  async stop(): Promise<void> {
    this.standBy();
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (this.wanted && this.onDuty) {
        this.wanted = false;
        if (this.again) await this.takeSetAside();
        while (this.onDuty && (await this.takeBatch()));
      }
    } catch (error) {
      this.pauseAfter(error);
    }
    this.running = undefined;
  }

  private pauseAfter(error: unknown): void {
    this.failedInARow += 1;
    const now = performance.now();
    if (now - this.saidAt >= SAY_EVERY_MS) {
      this.saidAt = now;
      this.log.error(`stopped ${this.failedInARow} times in a row; tried again soon`, error as Error);
    }
    if (!this.onDuty) return;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, RETRY_AFTER_MS * this.failedInARow);
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.wake();
    }, pauseMs);
  }

  private async takeSetAside(): Promise<void> {
    for (const event of await this.aside.lately(this.name)) {
      const failure = await this.tryOne(event);
      if (failure?.outage) throw new Error(failure.reason);
      if (failure) continue;
      await this.aside.remove(this.name, event);
      this.log.log(`followed up after it had been set aside: ${event.id}`);
    }
    this.again = false;
  }

  /** Answers whether there may be more. */
  private async takeBatch(): Promise<boolean> {
    const { reading } = this;
    const cursor = await this.takePlace();
    const { events, scannedTo, more } =
      this.heard.after(cursor, BATCH) ?? (await this.reader.ofTypesAfter(cursor, this.reaction.on, BATCH));
    if (events.length > 0) this.heldSince ??= performance.now();
    const failures = (await Promise.all(events.map((event) => this.tryOne(event)))).filter(
      (failure) => failure !== null,
    );
    if (failures.length > 0) await this.giveUp(failures);
    if (reading !== this.reading) return true;
    if (events.length > 0 || scannedTo - this.told > SCANNED_UNSAVED) {
      this.told = scannedTo;
      this.places.move(this.name, scannedTo, this.epoch);
    }
    this.tries.clear();
    this.failedInARow = 0;
    this.saidAt = -Infinity;
    this.heldSince = undefined;
    this.cursor = scannedTo;
    // Reads of one process run at once: whoever else has something to do has his turn between two.
    if (more) await turn();
    return more;
  }

  /** Sets aside what has failed often enough. @throws while any of it is to be tried again */
  private async giveUp(failures: Failure[]): Promise<void> {
    const outage = failures.find((failure) => failure.outage);
    if (outage) throw new Error(outage.reason);
    // What fails while nothing can be written has not been tried.
    await this.aside.couldWrite(this.name);
    for (const { event } of failures) this.tries.set(event.seq, (this.tries.get(event.seq) ?? 0) + 1);
    const another = failures.find(({ event }) => this.tries.get(event.seq)! < MOST_TRIES);
    if (another) throw new Error(another.reason);
    for (const failure of failures) await this.doInstead(failure);
    await this.aside.add(this.name, failures);
    for (const { event, reason } of failures)
      this.log.error(`set aside after ${MOST_TRIES} tries: ${event.id} (${reason})`);
  }

  private async tryOne(event: LoggedEvent): Promise<Failure | null> {
    try {
      await this.react(event);
      return null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { event, reason, outage: error instanceof StorageUnavailable };
    }
  }

  /** @throws {StorageUnavailable} */
  private async doInstead(failure: Failure): Promise<void> {
    const { event } = failure;
    try {
      await this.issue(event, this.reaction.commandsInstead(event), `${this.name}, instead`);
    } catch (error) {
      if (error instanceof StorageUnavailable) throw error;
      failure.reason = `${failure.reason}; instead: ${String(error)}`;
    }
  }

  private async react(event: LoggedEvent): Promise<void> {
    await this.issue(event, await this.reaction.commandsFor(event), this.name);
  }

  private async issue(event: LoggedEvent, commands: readonly ReactionCommand[], as: string): Promise<void> {
    for (const [index, { name, payload, key }] of commands.entries()) {
      const commandId = derivedId(event.id, as, ...(key === undefined ? [String(index)] : ['key', key]));
      const answer = await this.bus.execute(SYSTEM, { name, commandId, payload }, { causationId: event.id });
      // A refusal is an answer: the matter changed meanwhile. An outage is not: the batch is taken again.
      if (answer.ok || (answer.error.code !== 'internal' && answer.error.code !== 'unavailable')) continue;
      const reason = `${name} for event ${event.id}: ${answer.error.code} ${answer.error.incident ?? ''}`;
      throw answer.error.code === 'unavailable' ? new StorageUnavailable(reason) : new Error(reason);
    }
  }

  /** Where it stands; one that begins with what comes has its place from its first look on, whatever becomes of the node. */
  private async position(): Promise<Place> {
    const { seq, epoch } = await this.readModel.run((tx) => this.place(tx));
    if (seq !== null || this.reaction.from !== 'head') return { seq: seq ?? 0, epoch };
    const head = await this.reader.head();
    return this.unitOfWork.run(async (tx) => {
      await tx.insertIfAbsent('consumer', { name: this.name, seq: head.seq });
      const placed = await this.place(tx);
      return { ...placed, seq: placed.seq! };
    });
  }

  /** `null`: it has none yet. */
  private async place(tx: ReadTx): Promise<{ seq: number | null; epoch: string }> {
    const sql = 'SELECT c.seq, h.epoch FROM log_head h LEFT JOIN consumer c ON c.name = ? WHERE h.id = 1';
    return (await tx.one<{ seq: number | null; epoch: string }>(sql, [this.name]))!;
  }
}

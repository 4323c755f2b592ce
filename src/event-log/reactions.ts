import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { CommandBus } from '../commands/command-bus.js';
import { derivedId } from '../commands/derived-id.js';
import { SYSTEM } from '../identity/actor.js';
import { ReadModel, type ReadTx, UnitOfWork } from '../storage/unit-of-work.js';
import { Duty } from './duty.js';
import { HeardEvents } from './heard-events.js';
import { KeptPlaces } from './kept-places.js';
import type { LoggedEvent } from './logged-event.js';
import { LogReader } from './log-reader.js';
import { Reaction, type ReactionCommand, REACTS } from './reaction.js';
import { Tail } from './tail.js';

const BATCH = 100;
const RETRY_AFTER_MS = 250;
/** An event that fails so often, while the hub can write, is set aside: one poisoned event may not stop all after it. */
const MOST_TRIES = 5;
/** Events read without effect are not read again after a restart once there are this many. */
const SCANNED_UNSAVED = 2_000;

interface Failure {
  event: LoggedEvent;
  reason: string;
}

/**
 * A named consumer of the log: goes on from its own row, which survives restarts, with what the tail hands out, or reads
 * the log where it is not that far.
 */
class Follower {
  private running: Promise<void> | undefined;
  private wanted = false;
  /** Whether it is this node that follows the log up. */
  private onDuty = false;
  /** Read up to here, in memory; what is kept lies a little behind. */
  private cursor: number | undefined;
  private told = 0;
  /** Counts the times that its place was read anew: what was at work then moves it no more. */
  private reading = 0;
  /** Tries of the batch at the cursor. */
  private tries = 0;
  private retry: NodeJS.Timeout | undefined;
  private readonly heard: HeardEvents;
  private readonly log = new Logger(`Reaction ${this.name}`);

  constructor(
    private readonly name: string,
    private readonly reaction: Reaction,
    private readonly reader: LogReader,
    private readonly readModel: ReadModel,
    private readonly unitOfWork: UnitOfWork,
    private readonly bus: CommandBus,
    private readonly places: KeptPlaces,
  ) {
    this.heard = new HeardEvents(reaction.on);
  }

  /** From where it was left, by whichever node. */
  begin(): void {
    this.onDuty = true;
    this.readPlaceAgain();
  }

  /** What it read until now may never have been. */
  readPlaceAgain(): void {
    this.cursor = undefined;
    this.heard.forget();
    this.reading += 1;
    this.wake();
  }

  standBy(): void {
    this.onDuty = false;
    clearTimeout(this.retry);
  }

  hear(events: readonly LoggedEvent[], after: number): void {
    if (!this.onDuty) return;
    this.heard.hear(events, after);
    this.wake();
  }

  private wake(): void {
    if (!this.onDuty) return;
    this.wanted = true;
    this.running ??= this.run();
  }

  /** Where it goes on. */
  async takePlace(): Promise<number> {
    return (this.cursor ??= this.told = await this.position());
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
        while (this.onDuty && (await this.takeBatch()));
      }
    } catch (error) {
      this.log.error('stopped at an event; tried again soon', error as Error);
      this.retry = setTimeout(() => this.wake(), RETRY_AFTER_MS * Math.max(1, this.tries));
    }
    this.running = undefined;
  }

  /** Answers whether there may be more. */
  private async takeBatch(): Promise<boolean> {
    const { reading } = this;
    const cursor = await this.takePlace();
    const { events, scannedTo } =
      this.heard.after(cursor, BATCH) ?? (await this.reader.ofTypesAfter(cursor, this.reaction.on, BATCH));
    const failures = (await Promise.all(events.map((event) => this.tryOne(event)))).filter(
      (failure) => failure !== null,
    );
    this.tries = failures.length > 0 ? this.tries + 1 : 0;
    if (failures.length > 0 && this.tries < MOST_TRIES) throw new Error(failures[0]!.reason);
    for (const failure of failures) await this.doInstead(failure);
    if (failures.length > 0) await this.setAside(failures);
    if (reading !== this.reading) return true;
    if (events.length > 0 || scannedTo - this.told > SCANNED_UNSAVED) {
      this.told = scannedTo;
      this.places.move(this.name, scannedTo);
    }
    this.tries = 0;
    this.cursor = scannedTo;
    return events.length === BATCH;
  }

  private async setAside(failures: readonly Failure[]): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      for (const { event, reason } of failures) {
        const row = { consumer: this.name, seq: event.seq, event_id: event.id, reason: reason.slice(0, 200) };
        await tx.upsert('set_aside', row, ['consumer', 'seq']);
      }
    });
    for (const { event, reason } of failures)
      this.log.error(`set aside after ${MOST_TRIES} tries: ${event.id} (${reason})`);
  }

  private async tryOne(event: LoggedEvent): Promise<Failure | null> {
    try {
      await this.react(event);
      return null;
    } catch (error) {
      return { event, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  private async doInstead(failure: Failure): Promise<void> {
    const { event } = failure;
    try {
      await this.issue(event, this.reaction.commandsInstead(event), `${this.name}, instead`);
    } catch (error) {
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
      if (!answer.ok && (answer.error.code === 'internal' || answer.error.code === 'unavailable')) {
        throw new Error(`${name} for event ${event.id}: ${answer.error.code} ${answer.error.incident ?? ''}`);
      }
    }
  }

  /** Where it stands; one that begins with what comes has its place from its first look on, whatever becomes of the node. */
  private async position(): Promise<number> {
    const row = await this.readModel.run((tx) => this.row(tx));
    if (row || this.reaction.from !== 'head') return row?.seq ?? 0;
    const { seq } = await this.reader.head();
    return this.unitOfWork.run(async (tx) => {
      await tx.insertIfAbsent('consumer', { name: this.name, seq });
      return (await this.row(tx))!.seq;
    });
  }

  private row(tx: ReadTx): Promise<{ seq: number } | undefined> {
    return tx.one<{ seq: number }>('SELECT seq FROM consumer WHERE name = ?', [this.name]);
  }
}

/** Runs every `Reaction` of the application as a consumer of its own, on one node at a time. */
@Injectable()
export class Reactions implements OnApplicationBootstrap, OnApplicationShutdown {
  private followers: Follower[] = [];
  private readonly places: KeptPlaces;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly tail: Tail,
    private readonly reader: LogReader,
    private readonly readModel: ReadModel,
    private readonly unitOfWork: UnitOfWork,
    private readonly bus: CommandBus,
    private readonly duty: Duty,
  ) {
    const log = new Logger('Reactions');
    this.places = new KeptPlaces(unitOfWork, (error) => log.error('places not kept; tried again soon', error as Error));
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const { instance } of this.discovery.getProviders()) {
      if (!(instance instanceof Reaction)) continue;
      const name = this.reflector.get<string>(REACTS, instance.constructor);
      this.followers.push(
        new Follower(name, instance, this.reader, this.readModel, this.unitOfWork, this.bus, this.places),
      );
    }
    // Before anybody is served: what happens from then on comes after it.
    for (const follower of this.followers) await follower.takePlace();
    this.tail.onPlaced((events, after) => {
      for (const follower of this.followers) follower.hear(events, after);
    });
    this.tail.onNewLog(() => {
      this.places.forget();
      for (const follower of this.followers) follower.readPlaceAgain();
    });
    await this.duty.start({
      begin: () => this.followers.forEach((follower) => follower.begin()),
      standBy: () => this.followers.forEach((follower) => follower.standBy()),
    });
  }

  /** Resolves when none is at work with what it has heard of. */
  async idle(): Promise<void> {
    await Promise.all(this.followers.map((follower) => follower.idle()));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.followers.map((follower) => follower.stop()));
    await this.places.stop();
    await this.duty.stop();
  }
}

import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { CommandBus } from '../commands/command-bus.js';
import { derivedId } from '../commands/derived-id.js';
import { SYSTEM } from '../identity/actor.js';
import { ReadModel, UnitOfWork } from '../storage/unit-of-work.js';
import type { LoggedEvent } from './logged-event.js';
import { LogReader } from './log-reader.js';
import { Reaction, REACTS } from './reaction.js';
import { Tail } from './tail.js';

const BATCH = 100;
const RETRY_AFTER_MS = 1_000;

/** A named consumer of the log: reads on from its own row, which survives restarts. */
class Follower {
  private running: Promise<void> | undefined;
  private wanted = false;
  private stopped = false;
  /** Read up to here, in memory; the row keeps the last event that had an effect. */
  private cursor: number | undefined;
  private retry: NodeJS.Timeout | undefined;
  private readonly log = new Logger(`Reaction ${this.name}`);

  constructor(
    private readonly name: string,
    private readonly reaction: Reaction,
    private readonly reader: LogReader,
    private readonly readModel: ReadModel,
    private readonly unitOfWork: UnitOfWork,
    private readonly bus: CommandBus,
  ) {}

  wake(): void {
    if (this.stopped) return;
    this.wanted = true;
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (this.wanted && !this.stopped) {
        this.wanted = false;
        while (!this.stopped && (await this.takeBatch()));
      }
    } catch (error) {
      this.log.error('stopped at an event; tried again soon', error as Error);
      this.retry = setTimeout(() => this.wake(), RETRY_AFTER_MS);
    }
    this.running = undefined;
  }

  /** Answers whether there may be more. */
  private async takeBatch(): Promise<boolean> {
    this.cursor ??= await this.position();
    const { events, scannedTo } = await this.reader.ofTypesAfter(this.cursor, this.reaction.on, BATCH);
    if (events.length > 0) {
      await Promise.all(events.map((event) => this.react(event)));
      // Only what had an effect is worth a write; what is read again after a restart has none.
      const seq = events.at(-1)!.seq;
      await this.unitOfWork.run((tx) => tx.upsert('consumer', { name: this.name, seq }, ['name']));
    }
    this.cursor = scannedTo;
    return events.length === BATCH;
  }

  private async react(event: LoggedEvent): Promise<void> {
    const commands = await this.reaction.commandsFor(event);
    for (const [index, { name, payload }] of commands.entries()) {
      const commandId = derivedId(event.id, this.name, String(index));
      const answer = await this.bus.execute(SYSTEM, { name, commandId, payload }, { causationId: event.id });
      // A refusal is an answer: the matter changed meanwhile. An outage is not: the batch is taken again.
      if (!answer.ok && (answer.error.code === 'internal' || answer.error.code === 'unavailable')) {
        throw new Error(`${name} for event ${event.id}: ${answer.error.code} ${answer.error.incident ?? ''}`);
      }
    }
  }

  private position(): Promise<number> {
    return this.readModel.run(
      async (tx) => (await tx.one<{ seq: number }>('SELECT seq FROM consumer WHERE name = ?', [this.name]))?.seq ?? 0,
    );
  }
}

/** Runs every `Reaction` of the application as a consumer of its own. */
@Injectable()
export class Reactions implements OnApplicationBootstrap, OnApplicationShutdown {
  private followers: Follower[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly tail: Tail,
    private readonly reader: LogReader,
    private readonly readModel: ReadModel,
    private readonly unitOfWork: UnitOfWork,
    private readonly bus: CommandBus,
  ) {}

  onApplicationBootstrap(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (!(instance instanceof Reaction)) continue;
      const name = this.reflector.get<string>(REACTS, instance.constructor);
      this.followers.push(new Follower(name, instance, this.reader, this.readModel, this.unitOfWork, this.bus));
    }
    this.tail.onPlaced(() => this.wakeAll());
    this.wakeAll();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.followers.map((follower) => follower.stop()));
  }

  private wakeAll(): void {
    for (const follower of this.followers) follower.wake();
  }
}

import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { EventType } from '@minqing-hub/client-sdk/protocol';
import { CommandBus } from '../commands/command-bus.js';
import { newCommandId } from '../commands/new-command-id.js';
import { Clock } from '../config/clock.js';
import { Beat } from '../deadlines/beat.js';
import { Tail } from '../event-log/tail.js';
import { Unhurried } from '../event-log/unhurried.js';
import { SYSTEM } from '../identity/actor.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { OfferPlan } from './offer-plan.js';

/** After these there may be an item to offer, or a seat to offer one to, that was not there before. */
const WAKING: ReadonlySet<EventType> = new Set<EventType>([
  'queue.item_queued',
  'queue.item_returned',
  'queue.item_expired',
  'queue.item_done',
  'seat.presence_changed',
  'seat.skills_changed',
]);

/**
 * A look takes long where thousands of items wait and none suits the seats that are idle. So it rests after each, the
 * longer the longer it took: what happens meanwhile is looked at together, and commands have most of the time there is.
 */
const REST_TO_LOOK = 5;

/**
 * Sees to it that no item waits while a seat is idle. The log's events make it prompt, the beat makes it sure.
 * One match runs at a time on this node and one waits; what nodes do to each other is settled row by row. [I4]
 */
@Injectable()
export class Matcher implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger('Matcher');
  private running: Promise<void> | undefined;
  private wanted = false;
  private readonly unhurried = new Unhurried(() => void this.wake());
  private lookedMs = 0;
  private stopped = false;

  constructor(
    private readonly bus: CommandBus,
    private readonly tail: Tail,
    private readonly beat: Beat,
    private readonly readModel: ReadModel,
    private readonly plan: OfferPlan,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.tail.onPlaced((events) => {
      if (events.some(({ type }) => WAKING.has(type))) this.unhurried.call();
    });
    this.beat.each(() => this.wake());
  }

  /** Resolves when nothing more can be matched. */
  wake(): Promise<void> {
    this.wanted = true;
    this.running ??= this.run();
    return this.running;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.running;
    this.unhurried.stop();
  }

  private async run(): Promise<void> {
    this.lookedMs = 0;
    while (this.wanted && !this.stopped) {
      this.wanted = false;
      this.unhurried.begin();
      try {
        while (!this.stopped && (await this.somethingMatches()) && (await this.offer()) > 0);
      } catch (error) {
        this.log.error('waiting items could not be offered; the next beat tries again', error as Error);
      }
    }
    // Not a tick later: a wake-up in between would be lost.
    this.running = undefined;
    this.unhurried.restFor(this.lookedMs * REST_TO_LOOK);
  }

  private async offer(): Promise<number> {
    const answer = await this.bus.execute(SYSTEM, { name: 'offerItems', commandId: newCommandId(), payload: {} });
    if (!answer.ok) throw new Error(`offerItems: ${answer.error.code}`);
    return (answer.result as { offered: number }).offered;
  }

  /** Asked before a command is issued, because most events find either no item or no seat. */
  private async somethingMatches(): Promise<boolean> {
    const begun = performance.now();
    const { matches } = await this.readModel.run((tx) => this.plan.plan(tx, this.clock.now(), 1));
    this.lookedMs += performance.now() - begun;
    return matches.length > 0;
  }
}

import { InjectQueue } from '@nestjs/bull';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job, Queue } from 'bull';
import { Clock } from '../config/clock.js';
import { Policy } from '../config/policy.js';
import { mendSocketTimeout, PRODUCER, WORKER } from './alarm-queues.js';
import { Alarms } from './alarms.js';
import { RecentMap } from './recent-map.js';

const JOB = 'ring';
/** Jobs at work at once: each is two round trips, and thousands may come due in one second. */
const CONCURRENCY = 64;
/** Alarms of one round trip. */
const BATCH = 200;
/** More than these do not wait for the server: what has no alarm rings at the next sweep. */
const MOST_WAITING = 10_000;
/** More than these are not taken within one horizon: what has no alarm rings at the next sweep. [AL4] */
const MOST_ARMED = 100_000;
/** A server that answers but takes no alarm is tried again at every so many looks. */
const LOOKS_BETWEEN_TRIES = 10;
const GOODBYE_MS = 1_000;

interface Alarm {
  clockId: string;
  dueAt: number;
  /** The hub's time was so far ahead of the machine's when it was armed. Bull counts by the machine's. */
  aheadMs: number;
}

/**
 * Alarms as Bull's delayed jobs on Redis: every node arms, whichever is free rings.
 *
 * Nothing here waits for Redis but its own work. Arming puts the alarm into memory, and the next turn of the event loop
 * hands it over; what Redis does not take is dropped. Once a second a mark is looked for that lies beside the alarms: when
 * it is gone, Redis was emptied, and when something was dropped meanwhile and Redis answers again, that is made good, too:
 * in both cases the near alarms are armed again from the rows of `clock`. [AL1] [AL2]
 *
 * A job's id follows from clock and time, so that the same alarm of several nodes is one. A moved alarm is a second job;
 * the first one is passed over when it comes. Jobs are gone once they ran, and only near ones are taken. [AL4]
 */
@Injectable()
export class BullAlarms extends Alarms implements OnApplicationBootstrap {
  /** When each clock rings that was armed here; kept for a horizon, after which no job of it can be left. */
  private readonly armed = new RecentMap<number>();
  /** Jobs whose clock was armed here for another time since. */
  private readonly passedOver = new RecentMap<true>();
  private turnedAt = 0;
  /** Not handed over yet. */
  private readonly waiting = new Map<string, number>();
  private handing = false;
  private looking: Promise<void> | undefined;
  /** `undefined` until it was heard from. */
  private serves: boolean | undefined;
  private dropped = false;
  private looksToSkip = 0;
  private lastFault = '';
  private aheadMs: number;
  private closed: Promise<void> | undefined;
  private readonly ringListeners: ((clockId: string) => void)[] = [];
  private readonly forgottenListeners: (() => void)[] = [];
  private readonly log = new Logger('Alarms');

  constructor(
    @InjectQueue(PRODUCER) private readonly producer: Queue<Alarm>,
    @InjectQueue(WORKER) private readonly worker: Queue<Alarm>,
    private readonly clock: Clock,
    private readonly policy: Policy,
  ) {
    super();
    this.aheadMs = clock.aheadMs;
    // Nest would end them, too, and wait for as long as Bull does.
    for (const queue of [producer, worker]) Object.assign(queue, { onApplicationShutdown: undefined });
    mendSocketTimeout(producer, ['client']);
    producer.on('error', (error: Error) => (this.lastFault = error.message));
    producer.client.on('ready', () => this.look());
    producer.client.on('close', () => this.lost('the connection was closed'));
  }

  get horizonMs(): number {
    return this.policy.number('alarm.horizonSeconds') * 1000;
  }

  override get failing(): string | undefined {
    return this.serves === false ? 'alarms.redis' : undefined;
  }

  /** Not before the commands that clocks carry have their handlers. */
  onApplicationBootstrap(): void {
    mendSocketTimeout(this.worker, ['client', 'bclient', 'eclient']);
    // Bull lets go of the promise of these two, and a rejected one would end the process: the name is not needed, and
    // without a server nothing else rejects than what `close` cuts off.
    Object.assign(this.worker, { setWorkerName: () => Promise.resolve() });
    this.worker.process(JOB, CONCURRENCY, async ({ data }: Job<Alarm>) => this.arrived(data)).catch(() => undefined);
  }

  arm(clockId: string, dueAt: number): void {
    if (this.closed) return;
    const before = this.armed.get(clockId);
    const near = dueAt <= this.clock.now() + this.horizonMs;
    if (before !== undefined && before !== dueAt) this.passOver(clockId, before);
    if (!near || this.armed.size >= MOST_ARMED) return;
    this.passedOver.delete(this.jobOf(clockId, dueAt));
    this.armed.set(clockId, dueAt);
    this.handOver(clockId, dueAt);
  }

  realign(): void {
    const now = this.clock.now();
    if (Math.abs(now - this.turnedAt) >= this.horizonMs) {
      this.armed.turn();
      this.passedOver.turn();
      this.turnedAt = now;
    }
    if (this.clock.aheadMs !== this.aheadMs) this.follow();
    this.look();
  }

  onRing(listener: (clockId: string) => void): void {
    this.ringListeners.push(listener);
  }

  override onForgotten(listener: () => void): void {
    this.forgottenListeners.push(listener);
  }

  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  /** A server that stands still would have Bull wait for its goodbye for ten seconds and more. */
  private async end(): Promise<void> {
    const queues = [this.producer, this.worker];
    let giveUp: NodeJS.Timeout;
    const patience = new Promise((resolve) => (giveUp = setTimeout(resolve, GOODBYE_MS)));
    const goodbye = Promise.all(queues.map((queue) => queue.close())).finally(() => clearTimeout(giveUp));
    await Promise.race([goodbye, patience]);
    for (const client of queues.flatMap(({ clients }) => clients)) client.disconnect();
  }

  private passOver(clockId: string, dueAt: number): void {
    this.armed.delete(clockId);
    this.waiting.delete(clockId);
    this.passedOver.set(this.jobOf(clockId, dueAt), true);
  }

  private handOver(clockId: string, dueAt: number): void {
    if (this.waiting.size < MOST_WAITING) this.waiting.set(clockId, dueAt);
    else this.dropped = true;
    if (this.serves) this.handOverSoon();
  }

  private handOverSoon(): void {
    if (this.handing) return;
    this.handing = true;
    setImmediate(() => void this.handOverAll());
  }

  /** In batches, one after the other: a burst waits here, where a clock that is moved takes no second place. */
  private async handOverAll(): Promise<void> {
    while (this.waiting.size > 0 && this.serves && !this.closed) {
      const batch: Promise<void>[] = [];
      for (const [clockId, dueAt] of this.waiting) {
        this.waiting.delete(clockId);
        if (batch.push(this.add(clockId, dueAt)) === BATCH) break;
      }
      const outcomes = await Promise.allSettled(batch);
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) this.lost(failed.reason);
    }
    this.handing = false;
  }

  private async add(clockId: string, dueAt: number): Promise<void> {
    await this.producer.add(
      JOB,
      { clockId, dueAt, aheadMs: this.aheadMs },
      {
        jobId: this.jobOf(clockId, dueAt),
        delay: Math.max(0, dueAt - this.clock.now()),
        removeOnComplete: true,
        removeOnFail: true,
      },
    );
  }

  private jobOf(clockId: string, dueAt: number): string {
    return `${clockId}@${dueAt - this.aheadMs}`;
  }

  private arrived({ clockId, dueAt, aheadMs }: Alarm): void {
    // Armed anew when the hub's time jumped.
    if (this.closed || aheadMs !== this.clock.aheadMs) return;
    if (this.passedOver.delete(this.jobOf(clockId, dueAt))) return;
    if (this.clock.now() < dueAt) {
      // Somebody has set the machine's time back under it.
      this.dropped = true;
      return;
    }
    if (this.armed.get(clockId) === dueAt) this.armed.delete(clockId);
    for (const listener of this.ringListeners) this.tell(() => listener(clockId), clockId);
  }

  /** The hub's time has jumped ahead of the machine's, by which all jobs wait: they are armed anew, the old ones passed over. */
  private follow(): void {
    this.aheadMs = this.clock.aheadMs;
    for (const [clockId, dueAt] of this.armed.entries()) this.arm(clockId, dueAt);
  }

  /** Asks whether Redis is there and has what it was given. */
  private look(): void {
    if (this.closed || this.looking) return;
    // At the start there is nothing to tell before the first connection stands or failed.
    if (this.serves === undefined && ['connecting', 'connect'].includes(this.producer.client.status)) return;
    this.looking = this.lookForMark()
      .catch((error: unknown) => this.lost(error))
      .finally(() => (this.looking = undefined));
  }

  private async lookForMark(): Promise<void> {
    const emptied = (await this.producer.client.set(this.producer.toKey('standing'), '1', 'NX')) === 'OK';
    if (!this.dropped) this.looksToSkip = 0;
    else if (!emptied && this.looksToSkip-- > 0) return;
    if (this.serves === false) this.log.log('Redis serves again');
    this.serves = true;
    this.lastFault = '';
    if (emptied || this.dropped) {
      if (this.dropped) this.looksToSkip = LOOKS_BETWEEN_TRIES;
      this.dropped = false;
      for (const listener of this.forgottenListeners) this.tell(listener, 'what was forgotten');
    }
    if (this.waiting.size > 0) this.handOverSoon();
  }

  private lost(reason: unknown): void {
    if (this.closed) return;
    this.dropped = true;
    this.waiting.clear();
    // Only the words: Redis's errors carry the command, and that of a login has the password in it.
    const words = this.lastFault || (reason instanceof Error ? reason.message : String(reason));
    if (this.serves !== false) this.log.warn(`Redis does not serve (${words}); until it does clocks ring by the sweep`);
    this.serves = false;
  }

  private tell(say: () => void, what: string): void {
    try {
      say();
    } catch (error) {
      this.log.error(`a listener failed at ${what}`, error as Error);
    }
  }
}

import { chances } from '../chance.js';
import type { HubTime, Span } from './hub-time.js';
import { MINUTE_MS } from './limits.js';
import type { MonthHub } from './month-hub.js';
import type { MonthOptions } from './options.js';
import type { RedisServer } from './redis-server.js';

/** Redis is away for so many moments at which something is due or somebody acts, and so long, by the hub's time, at least. */
const REDIS_AWAY = { least: 30, most: 80, leastMs: MINUTE_MS };
/** A hub that is down over the moment comes back so much after it, at most. */
const DOWN_BEYOND_MS = 1_500;

/** When the hub is killed and Redis forgets, seeded; each at the first moment after its time at which something is due. */
export class Calamities {
  /** By the hub's time, when it was down. */
  readonly downs: Span[] = [];
  /** By the hub's time, when Redis was away. */
  readonly redisAway: Span[] = [];
  kills = 0;
  redisLosses = 0;
  /** What is still being put right. */
  private underWay: Promise<unknown> = Promise.resolve();
  private readonly killAt: number[];
  private readonly loseAt: number[];
  /** Since when Redis is away, and for how many moments yet. */
  private away: { since: number; moments: number } | undefined;
  private readonly random: () => number;

  constructor(
    private readonly hub: MonthHub,
    private readonly redis: RedisServer | null,
    private readonly time: HubTime,
    { kills, redisLosses, seed }: Pick<MonthOptions, 'kills' | 'redisLosses' | 'seed'>,
    { from, to }: Span,
  ) {
    this.random = chances(seed, 'calamities');
    // While the month is young there is little to lose.
    const times = (count: number): number[] =>
      Array.from({ length: count }, () => from + (0.05 + 0.9 * this.random()) * (to - from)).sort((a, b) => a - b);
    this.killAt = times(kills);
    this.loseAt = times(redisLosses);
  }

  /** Still to come: nothing happened after their time. */
  get left(): number {
    return this.killAt.length + this.loseAt.length;
  }

  isNear(next: number): boolean {
    return this.killAt[0] !== undefined && this.killAt[0] <= next;
  }

  /** Shortly before `next`, when something is due or somebody acts. */
  async befall(next: number): Promise<void> {
    if (this.away && this.away.moments-- <= 0 && this.time.now() - this.away.since >= REDIS_AWAY.leastMs) {
      await this.returnRedis();
    }
    if (this.loseAt[0] !== undefined && this.loseAt[0] <= next) {
      this.loseAt.shift();
      await this.loseRedis();
    }
    if (this.isNear(next)) {
      this.killAt.shift();
      await this.over();
      await this.killHub(next);
    }
  }

  /** Resolves when the hub is up again. */
  async over(): Promise<void> {
    await this.underWay;
  }

  /** No more of them: Redis is there again, too. */
  async end(): Promise<void> {
    await this.over();
    await this.returnRedis();
  }

  private async killHub(next: number): Promise<void> {
    this.kills += 1;
    const way = Math.floor(this.random() * 3);
    // In the middle of what is due, or of what people do then: they act while it dies, and go on when it is back.
    if (way === 0) {
      const wait = next - this.time.now() + this.random() * 300;
      this.underWay = passed(wait).then(() => this.downAndUp(0));
      return;
    }
    await this.downAndUp(way === 1 ? 0 : next - this.time.now() + this.random() * DOWN_BEYOND_MS);
  }

  private async downAndUp(forMs: number): Promise<void> {
    const from = this.time.now();
    await this.hub.kill();
    await passed(forMs);
    await this.hub.start();
    this.downs.push({ from, to: this.time.now() });
  }

  /** It is gone for a while, or forgets everything in a moment, by turns. */
  private async loseRedis(): Promise<void> {
    const { redis, time } = this;
    if (!redis) return;
    this.redisLosses += 1;
    if (this.away) return this.returnRedis();
    if (this.redisLosses % 2 === 0) return redis.flush();
    const since = time.now();
    await redis.kill();
    const { least, most } = REDIS_AWAY;
    this.away = { since, moments: least + Math.floor(this.random() * (most - least)) };
  }

  /** Empty. */
  private async returnRedis(): Promise<void> {
    const { away, redis } = this;
    if (!away || !redis) return;
    this.away = undefined;
    await redis.start();
    this.redisAway.push({ from: away.since, to: this.time.now() });
  }
}

const passed = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, Math.max(0, ms)));

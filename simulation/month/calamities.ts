import { chances } from '../chance.js';
import type { HubTime, Span } from './hub-time.js';
import type { MonthHub } from './month-hub.js';
import type { MonthOptions } from './options.js';
import type { RedisServer } from './redis-server.js';

const REDIS_GONE_MS = 3_000;
/** A hub that is down over the moment comes back so much after it, at most. */
const DOWN_BEYOND_MS = 1_500;

/** When the hub is killed and Redis forgets, seeded; each at the first moment after its time at which something is due. */
export class Calamities {
  /** By the hub's time, when it was down. */
  readonly downs: Span[] = [];
  kills = 0;
  redisLosses = 0;
  /** What is still being put right. */
  private underWay: Promise<unknown> = Promise.resolve();
  private readonly killAt: number[];
  private readonly loseAt: number[];
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

  /** Resolves when hub and Redis are up again. */
  async over(): Promise<void> {
    await this.underWay;
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

  private async loseRedis(): Promise<void> {
    const { redis } = this;
    if (!redis) return;
    this.redisLosses += 1;
    if (this.random() < 0.4) return redis.flush();
    await this.over();
    await redis.kill();
    this.underWay = passed(REDIS_GONE_MS * this.random()).then(() => redis.start());
  }
}

const passed = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, Math.max(0, ms)));

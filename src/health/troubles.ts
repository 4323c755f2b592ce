import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Trouble } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../config/clock.js';
import { type Check, Checks } from './checks.js';
import { within } from './within.js';

const LOOK_EVERY_MS = 5_000;
/** Who asks more often hears what was found last. */
const FRESH_MS = 1_000;
const PATIENCE_MS = 3_000;

/** What does not work, and since when: looked for all the time, told in the log when it begins and when it is over. [SI2] */
@Injectable()
export class Troubles implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly found = new Map<string, { effect: Trouble['effect']; sentence: string; since: number }>();
  /** A look that does not end is not begun again beside itself. */
  private readonly looking = new Map<string, Promise<string | undefined>>();
  private readonly log = new Logger('Health');
  private timer: NodeJS.Timeout | undefined;
  private lookedAt = -Infinity;
  private round: Promise<void> | undefined;

  constructor(
    private readonly checks: Checks,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
  }

  /** As of a moment ago. */
  async now(): Promise<Trouble[]> {
    if (performance.now() - this.lookedAt > FRESH_MS) await this.look();
    return this.last;
  }

  /** As of the last look, in the order of the checks. */
  get last(): Trouble[] {
    const now = this.machineNow();
    return this.checks.all.flatMap(({ part }) => {
      const trouble = this.found.get(part);
      return trouble ? [{ part, ...trouble, seconds: Math.max(0, Math.floor((now - trouble.since) / 1_000)) }] : [];
    });
  }

  private look(): Promise<void> {
    this.round ??= Promise.all(this.checks.all.map((check) => this.lookAt(check))).then(() => {
      this.lookedAt = performance.now();
      this.round = undefined;
    });
    return this.round;
  }

  private async lookAt(check: Check): Promise<void> {
    const { part, effect } = check;
    const sentence = await within(PATIENCE_MS, this.begun(check)).catch(() => check.else);
    const before = this.found.get(part);
    if (sentence !== undefined) {
      this.found.set(part, { effect, sentence, since: before?.since ?? this.machineNow() });
      if (!before) this.log.warn({ message: sentence, part, effect });
    } else if (before) {
      this.found.delete(part);
      const seconds = Math.round((this.machineNow() - before.since) / 1_000);
      this.log.log({ message: `${part} 已恢复，历时 ${seconds} 秒`, part, effect });
    }
  }

  private begun(check: Check): Promise<string | undefined> {
    const there = this.looking.get(check.part);
    if (there) return there;
    const look = check.look().finally(() => this.looking.delete(check.part));
    this.looking.set(check.part, look);
    look.catch(() => undefined);
    return look;
  }

  /** A jump of a virtual clock makes no trouble older. */
  private machineNow(): number {
    return this.clock.now() - this.clock.aheadMs;
  }
}

import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Timer } from './timer.js';

const EVERY_MS = 1_000;

/**
 * The hub's pulse: calls its listeners when the hub begins to serve and every second from then on. What must not depend
 * on a wake-up alone is done, or tried again, at a beat. A listener that is still at work is left alone.
 */
@Injectable()
export class Beat implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly listeners: (() => Promise<void>)[] = [];
  private readonly working = new Map<() => Promise<void>, Promise<void>>();
  private readonly log = new Logger('Beat');
  private cancel: (() => void) | undefined;
  private stopped = false;

  constructor(private readonly timer: Timer) {}

  each(listener: () => Promise<void>): void {
    this.listeners.push(listener);
  }

  onApplicationBootstrap(): void {
    this.tick();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.cancel?.();
    await this.idle();
  }

  /** Between two beats, when the time has jumped. */
  now(): void {
    if (this.stopped || !this.cancel) return;
    for (const listener of this.listeners) if (!this.working.has(listener)) this.call(listener);
  }

  /** Resolves when no listener is at work. */
  async idle(): Promise<void> {
    await Promise.all(this.working.values());
  }

  private tick(): void {
    if (this.stopped) return;
    this.cancel = this.timer.after(EVERY_MS, () => this.tick());
    this.now();
  }

  private call(listener: () => Promise<void>): void {
    const work = listener()
      .catch((error: unknown) => this.log.error('what was to be done at a beat failed', error as Error))
      .finally(() => this.working.delete(listener));
    this.working.set(listener, work);
  }
}

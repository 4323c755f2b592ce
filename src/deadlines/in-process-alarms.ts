import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { Policy } from '../config/policy.js';
import { AlarmHeap } from './alarm-heap.js';
import { Alarms } from './alarms.js';
import { Timer } from './timer.js';

/** More than these are not kept: what has no alarm rings at the next sweep. [CK6] */
const MOST_ARMED = 50_000;

/** Alarms in this process's memory: a heap and one timer for its earliest. */
@Injectable()
export class InProcessAlarms extends Alarms {
  private readonly heap = new AlarmHeap();
  /** The time that counts for each clock: entries of the heap that were moved elsewhere are passed over. */
  private readonly dueAt = new Map<string, number>();
  private readonly listeners: ((clockId: string) => void)[] = [];
  private readonly log = new Logger('Alarms');
  private cancel: (() => void) | undefined;
  private wakesAt = Infinity;
  private closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly timer: Timer,
    private readonly policy: Policy,
  ) {
    super();
  }

  get horizonMs(): number {
    return this.policy.number('alarm.horizonSeconds') * 1000;
  }

  arm(clockId: string, dueAt: number): void {
    if (this.closed || this.dueAt.get(clockId) === dueAt) return;
    if (dueAt > this.clock.now() + this.horizonMs || this.heap.size >= MOST_ARMED) {
      // It was moved away from an alarm that stands.
      this.dueAt.delete(clockId);
      return;
    }
    this.dueAt.set(clockId, dueAt);
    this.heap.add({ clockId, dueAt });
    this.wait();
  }

  realign(): void {
    this.cancel?.();
    this.wake();
  }

  onRing(listener: (clockId: string) => void): void {
    this.listeners.push(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.cancel?.();
  }

  /** Sees to it that the one timer stands at the earliest alarm. */
  private wait(): void {
    const next = this.heap.earliest;
    if (!next || next.dueAt >= this.wakesAt) return;
    this.cancel?.();
    this.wakesAt = next.dueAt;
    this.cancel = this.timer.after(Math.max(0, next.dueAt - this.clock.now()), () => this.wake());
  }

  private wake(): void {
    this.wakesAt = Infinity;
    if (this.closed) return;
    // The system's timers may come a little early by the hub's clock: what is not due then waits for the rest.
    for (let next = this.heap.earliest; next && next.dueAt <= this.clock.now(); next = this.heap.earliest) {
      this.heap.take();
      if (this.dueAt.get(next.clockId) !== next.dueAt) continue;
      this.dueAt.delete(next.clockId);
      this.tell(next.clockId);
    }
    this.wait();
  }

  private tell(clockId: string): void {
    for (const listener of this.listeners) {
      try {
        listener(clockId);
      } catch (error) {
        this.log.error(`a listener failed at ${clockId}`, error as Error);
      }
    }
  }
}

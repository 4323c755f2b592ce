import { Injectable, Logger } from '@nestjs/common';
import type { ErrorCode } from '@minqing-hub/client-sdk/protocol';
import { CommandBus } from '../commands/command-bus.js';
import { derivedId } from '../commands/derived-id.js';
import { Clock } from '../config/clock.js';
import { SYSTEM } from '../identity/actor.js';
import { ReadModel, UnitOfWork } from '../storage/unit-of-work.js';
import { ActsInTime } from './acts-in-time.js';
import { ClockLedger } from './clock-ledger.js';
import { type DueClock, dueAmong } from './due-clocks.js';
import { Lane } from './lane.js';

/** The command of clocks that have several signals and ring together. */
export const SIGNAL_DEADLINES = 'signalDeadlines';
/** So many of them share one command, and one read looks at as many: people wait no longer than some 50 ms for their turn. */
export const MOST_TOGETHER = 100;
/** So many clocks ring by themselves at once: the line of the unit of work is for people, too. */
const MOST_ALONE = 25;
/** Clocks known to spoil the company they are in; the others of an outage are not worth the memory. */
const MOST_APART = 1_000;

/** The rule book has not spoken: an outage, or a fault of the hub's own that its next version may mend. */
const UNHEARD: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'internal',
  'unavailable',
  'forbidden',
  'unknown_command',
  'payload_malformed',
  'payload_invalid',
  'command_id_reused',
]);

interface Ringing {
  /** What stood in the way. */
  done: Promise<Error | undefined>;
  end(error?: Error): void;
}

/**
 * What happens when a clock may be due, whoever says so, alarm or sweeper: its command is issued as the system, with an
 * id that follows from the clock and the time of its signal, so that however often it is issued it has one effect. [CK3]
 *
 * Clocks that say `signalDeadlines` and come up within one turn of the event loop, or while others ring, share one
 * command, `signalDeadlines {clockIds}`, of 100 at most. Its handler
 * - locks each row in the order of the ids, which are sorted, and looks at that row alone: it may have been stopped,
 *   moved or signalled since, and the same clock may come in another company. What is not due is passed over;
 * - raises what is due of it and sets `next_signal_at` to its next signal, a later time, or to null: a row that it
 *   leaves as it was will be raised no more. It arms the alarm of the next signal;
 * - throws when a row cannot be read: then nothing of the command is kept, and each clock is issued by itself, so that
 *   one bad row stands in nobody's way.
 *
 * One such command at a time, and between two of them people have their turn: a flood of signals waits, they do not. [CK9]
 */
@Injectable()
export class RingClock {
  private readonly ringing = new Map<string, Ringing>();
  /** Said to be due and not looked at yet. */
  private readonly told: string[] = [];
  private readonly together: DueClock[] = [];
  /** Those of them that failed last time. */
  private readonly apart = new Set<string>();
  private readonly alone = new Lane(MOST_ALONE);
  private readonly listeners: ((lateMs: number) => void)[] = [];
  private readonly log = new Logger('RingClock');
  private looking: Promise<void> | undefined;
  private signalling: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly bus: CommandBus,
    private readonly clocks: ClockLedger,
    private readonly clock: Clock,
    private readonly readModel: ReadModel,
    private readonly unitOfWork: UnitOfWork,
    private readonly acts: ActsInTime,
  ) {
    acts.onTold((clockId) => void this.ring(clockId));
  }

  /** Called for each signal that its command has spoken about, with how late that was by the hub's time, ms. */
  onRung(listener: (lateMs: number) => void): void {
    this.listeners.push(listener);
  }

  /** Never rejects. Answers what stood in the way of the command: then its clock runs on, for the next sweep. */
  ring(clockId: string): Promise<Error | undefined> {
    const there = this.ringing.get(clockId);
    if (there) return there.done;
    if (this.closed) return Promise.resolve(undefined);
    let resolve!: (error: Error | undefined) => void;
    const done = new Promise<Error | undefined>((settle) => (resolve = settle));
    const end = (error?: Error) => {
      this.ringing.delete(clockId);
      resolve(error);
    };
    this.ringing.set(clockId, { done, end });
    this.told.push(clockId);
    this.looking ??= this.look();
    return done;
  }

  /** Resolves when nothing rings any more. */
  async idle(): Promise<void> {
    await Promise.all([...this.ringing.values()].map(({ done }) => done));
  }

  /** What has not begun to ring is left to the next start. */
  async close(): Promise<void> {
    this.closed = true;
    for (const clockId of this.told.splice(0)) this.end(clockId);
    for (const { clockId } of this.together.splice(0)) this.end(clockId);
    await this.idle();
  }

  /** Looks at the rows of what was told, with a turn of the event loop before each portion: many come at once. */
  private async look(): Promise<void> {
    while (this.told.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      await this.lookAt(this.told.splice(0, MOST_TOGETHER));
    }
    this.looking = undefined;
  }

  private async lookAt(clockIds: string[]): Promise<void> {
    try {
      const due = await this.due(clockIds);
      const running = new Set(due.map(({ clockId }) => clockId));
      for (const clockId of clockIds) if (!running.has(clockId)) this.end(clockId);
      for (const clock of due) {
        if (clock.command === SIGNAL_DEADLINES && !this.apart.has(clock.clockId)) this.together.push(clock);
        else void this.raiseAlone(clock);
      }
    } catch (error) {
      for (const clockId of clockIds) this.end(clockId, asError(error));
    }
    if (this.together.length > 0) this.signalling ??= this.signal();
  }

  /** Ends those for which somebody may have come in time, until the next sweep, and answers the others. [CK14] */
  private async unawaited(clocks: DueClock[], now: number): Promise<DueClock[]> {
    const ofOrders = clocks.filter(({ command }) => command === SIGNAL_DEADLINES);
    if (ofOrders.length === 0) return clocks;
    const awaited = await this.readModel.run((tx) => this.acts.awaited(tx, ofOrders, now));
    for (const { clockId } of awaited) this.end(clockId);
    return clocks.filter((clock) => !awaited.has(clock));
  }

  private async signal(): Promise<void> {
    while (this.together.length > 0) await this.raiseTogether(this.together.splice(0, MOST_TOGETHER));
    this.signalling = undefined;
  }

  private async raiseTogether(told: DueClock[]): Promise<void> {
    const now = this.clock.now();
    const clocks = await this.unawaited(told, now).catch(() => told.forEach((clock) => void this.raiseAlone(clock)));
    if (!clocks?.length) return;
    // What failed in company may be the fault of another; what was left as it was is asked for by itself once more.
    const failed = await this.issue(clocks, now).catch(asError);
    const left = failed ? clocks : await this.left(clocks).catch(() => clocks);
    const again = new Set(left.map(({ clockId }) => clockId));
    for (const { clockId } of clocks) if (!again.has(clockId)) this.end(clockId);
    await Promise.all(left.map((clock) => this.raiseAlone(clock)));
  }

  private raiseAlone(clock: DueClock): Promise<void> {
    return this.alone.run(async () => {
      const error = this.closed ? undefined : await this.raiseUnlessAwaited(clock).catch(asError);
      if (!error) this.apart.delete(clock.clockId);
      else if (clock.command === SIGNAL_DEADLINES && this.apart.size < MOST_APART) this.apart.add(clock.clockId);
      this.end(clock.clockId, error);
    });
  }

  private async raiseUnlessAwaited(clock: DueClock): Promise<Error | undefined> {
    const now = this.clock.now();
    return (await this.unawaited([clock], now)).length > 0 ? this.raise(clock, now) : undefined;
  }

  private async raise(clock: DueClock, now: number): Promise<Error | undefined> {
    let commandId = idOf([clock]);
    for (;;) {
      const error = await this.issue([clock], now, commandId);
      if (error || (await this.left([clock])).length === 0) return error;
      const answeredAt = await this.readModel.run((tx) => this.bus.answeredAt(tx, SYSTEM, commandId));
      if (answeredAt === undefined || answeredAt >= clock.signalAt) break;
      // The hub's time was set back after it had come: that answer was given before the signal was due. Ask anew.
      commandId = derivedId(commandId, String(answeredAt));
    }
    await this.silence(clock);
    return undefined;
  }

  /** As of `now`, by which nobody is waited for. Answers why the rule book has not spoken, if so. */
  private async issue(clocks: DueClock[], now: number, commandId = idOf(clocks)): Promise<Error | undefined> {
    const [{ command, payload }] = clocks as [DueClock];
    const given = command === SIGNAL_DEADLINES ? { clockIds: idsOf(clocks) } : (JSON.parse(payload) as object);
    const answer = await this.bus.execute(SYSTEM, { name: command, commandId, payload: given }, { asOf: now });
    if (answer.ok || !UNHEARD.has(answer.error.code)) return this.rung(clocks);
    return new Error(`${command}: ${answer.error.code}`);
  }

  private rung(clocks: DueClock[]): undefined {
    const now = this.clock.now();
    for (const { signalAt } of clocks) for (const listener of this.listeners) listener(now - signalAt);
  }

  private due(clockIds: string[]): Promise<DueClock[]> {
    return this.readModel.run((tx) => dueAmong(tx, clockIds, this.clock.now()));
  }

  /** Those whose very signal is still to be raised. */
  private async left(clocks: DueClock[]): Promise<DueClock[]> {
    const signalAt = new Map(clocks.map((clock) => [clock.clockId, clock.signalAt]));
    return (await this.due([...signalAt.keys()])).filter((clock) => clock.signalAt === signalAt.get(clock.clockId));
  }

  /** A command that was answered for good but left its clock as it was would be issued every second, for ever. */
  private async silence({ clockId, signalAt, command }: DueClock): Promise<void> {
    const silenced = await this.unitOfWork.run((tx) =>
      command === SIGNAL_DEADLINES
        ? this.clocks.silence(tx, clockId, signalAt)
        : this.clocks.ring(tx, clockId, this.clock.now()),
    );
    if (silenced) this.log.error(`${command} left its clock ${clockId} as it was; that counts as raised`);
  }

  private end(clockId: string, error?: Error): void {
    this.ringing.get(clockId)?.end(error);
  }
}

const idsOf = (clocks: DueClock[]): string[] => clocks.map(({ clockId }) => clockId).sort();

/** The same signals of the same clocks give the same id, in whatever order they came up. */
function idOf(clocks: DueClock[]): string {
  return derivedId(...clocks.map(({ clockId, signalAt }) => `${clockId} ${signalAt}`).sort());
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

import { Injectable, Logger } from '@nestjs/common';
import type { ErrorCode } from '@minqing-hub/client-sdk/protocol';
import { CommandBus } from '../commands/command-bus.js';
import { derivedId } from '../commands/derived-id.js';
import { Clock } from '../config/clock.js';
import { SYSTEM } from '../identity/actor.js';
import { ReadModel, UnitOfWork } from '../storage/unit-of-work.js';
import { ClockLedger } from './clock-ledger.js';

/** The only signal that clocks have so far; part of the command's id. */
const SIGNAL = 'due';

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

interface DueRow {
  command: string;
  payload: string;
}

/**
 * What happens when a clock may be due, whoever says so, alarm or sweeper: its command is issued as the system, with an
 * id that follows from clock and signal, so that however often it is issued it has one effect. [CK3]
 */
@Injectable()
export class RingClock {
  private readonly ringing = new Map<string, Promise<Error | undefined>>();
  private readonly log = new Logger('RingClock');

  constructor(
    private readonly bus: CommandBus,
    private readonly clocks: ClockLedger,
    private readonly clock: Clock,
    private readonly readModel: ReadModel,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Never rejects. Answers what stood in the way of the command: then its clock runs on, for the next sweep. */
  ring(clockId: string): Promise<Error | undefined> {
    let work = this.ringing.get(clockId);
    if (!work) {
      work = this.raise(clockId)
        .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
        .finally(() => this.ringing.delete(clockId));
      this.ringing.set(clockId, work);
    }
    return work;
  }

  /** Resolves when nothing rings any more. */
  async idle(): Promise<void> {
    await Promise.all(this.ringing.values());
  }

  private async raise(clockId: string): Promise<Error | undefined> {
    const due = await this.dueRow(clockId);
    if (!due) return undefined;
    const answer = await this.bus.execute(SYSTEM, {
      name: due.command,
      commandId: derivedId(clockId, SIGNAL),
      payload: JSON.parse(due.payload) as object,
    });
    if (!answer.ok && UNHEARD.has(answer.error.code)) return new Error(`${due.command}: ${answer.error.code}`);
    if (await this.dueRow(clockId)) await this.silence(clockId, due.command);
    return undefined;
  }

  private dueRow(clockId: string): Promise<DueRow | undefined> {
    return this.readModel.run((tx) =>
      tx.one<DueRow>(`SELECT command, payload FROM clock WHERE clock_id = ? AND state = 'running' AND due_at <= ?`, [
        clockId,
        this.clock.now(),
      ]),
    );
  }

  /** A command that was answered for good but left its clock running would be issued every second, for ever. */
  private async silence(clockId: string, command: string): Promise<void> {
    const rung = await this.unitOfWork.run((tx) => this.clocks.ring(tx, clockId, this.clock.now()));
    if (rung) this.log.error(`${command} left its clock ${clockId} running; it counts as rung`);
  }
}

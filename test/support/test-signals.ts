import { ArrayMaxSize, IsString } from 'class-validator';
import type { Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../src/commands/command-handler.js';
import { Handles } from '../../src/commands/handles.js';
import type { Alarms } from '../../src/deadlines/alarms.js';
import { MOST_TOGETHER, SIGNAL_DEADLINES } from '../../src/deadlines/ring-clock.js';
import { ok } from '../../src/domain/result.js';
import type { Tx, UnitOfWork } from '../../src/storage/unit-of-work.js';

class SignalDeadlinesPayload {
  @ArrayMaxSize(MOST_TOGETHER)
  @IsString({ each: true })
  clockIds!: string[];
}

interface Row {
  state: string;
  next_signal_at: number | null;
  payload: string;
}

/** What a row still has to say, in order of time; `bad` ones cannot be read, `stubborn` ones are left as they are. */
interface Signals {
  due: number[];
  bad?: boolean;
  stubborn?: boolean;
}

/** Where each signal that was raised is written down, in the transaction that raises it. */
export const RAISED = 'test_raised';

/** It may stand there, empty, where the database was lent before. */
export const openRaised = (unitOfWork: UnitOfWork) =>
  unitOfWork.run((tx) =>
    tx.run(`CREATE TABLE IF NOT EXISTS ${RAISED} (clock_id varchar(96), signal_at bigint, at bigint)`),
  );

/** Stands for the handler of the rule book's deadlines: does what `RingClock` asks of it, with signals that a test makes up. */
@Handles(SIGNAL_DEADLINES)
export class TestSignals extends CommandHandler<SignalDeadlinesPayload, object> {
  readonly payload = SignalDeadlinesPayload;
  readonly who: readonly Role[] = ['system'];
  /** The clocks of each command, as they came. */
  readonly calls: string[][] = [];
  outage = false;
  /** Who is told of the next signal; for a while nobody. */
  alarms: Pick<Alarms, 'arm'> = { arm: () => undefined };

  async handle({ clockIds }: SignalDeadlinesPayload, { tx, now }: CommandContext) {
    this.calls.push(clockIds);
    if (this.outage) throw new Error('the database is away');
    for (const clockId of clockIds) await this.raise(tx, clockId, now);
    return ok({});
  }

  private async raise(tx: Tx, clockId: string, now: number): Promise<void> {
    const row = await tx.one<Row>(
      `SELECT state, next_signal_at, payload FROM clock WHERE clock_id = ?${tx.forUpdate}`,
      [clockId],
    );
    if (row?.state !== 'running' || row.next_signal_at === null || row.next_signal_at > now) return;
    const { due, ...manner } = JSON.parse(row.payload) as Signals;
    if (manner.bad) throw new Error(`${clockId} cannot be read`);
    if (manner.stubborn) return;
    for (const signalAt of due.filter((time) => time <= now)) {
      await tx.insert(RAISED, { clock_id: clockId, signal_at: signalAt, at: now });
    }
    await setSignals(tx, this.alarms, clockId, { due: due.filter((time) => time > now), ...manner });
  }
}

export async function startSignals(
  tx: Tx,
  alarms: Pick<Alarms, 'arm'>,
  clockId: string,
  signals: Signals,
  now: number,
) {
  await tx.insert('clock', {
    clock_id: clockId,
    kind: 'TEST',
    subject: 'order:none',
    started_at: now,
    due_at: signals.due.at(-1)!,
    state: 'running',
    ended_at: null,
    next_signal_at: null,
    command: SIGNAL_DEADLINES,
    payload: '{}',
  });
  await setSignals(tx, alarms, clockId, signals);
}

export async function setSignals(
  tx: Tx,
  alarms: Pick<Alarms, 'arm'>,
  clockId: string,
  signals: Signals,
): Promise<void> {
  const next = signals.due[0] ?? null;
  await tx.run(`UPDATE clock SET next_signal_at = ?, payload = ? WHERE clock_id = ? AND state = 'running'`, [
    next,
    JSON.stringify(signals),
    clockId,
  ]);
  if (next !== null) alarms.arm(clockId, next);
}

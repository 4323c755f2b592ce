import type { Role } from '@minqing-hub/client-sdk/protocol';
import { IsIn, IsInt, Min } from 'class-validator';
import { type CommandContext, CommandHandler } from '../commands/command-handler.js';
import { Handles } from '../commands/handles.js';
import { ClockLedger, type NewClock } from '../deadlines/clock-ledger.js';
import { ok, type Result } from '../domain/result.js';
import { EventLog } from '../event-log/event-log.js';
import { LIST_NAMES, type ListName } from './list-name.js';
import { ListVersions } from './list-versions.js';
import { tellActivated } from './tell-activated.js';

/** Rings when a version that was imported for later comes into force. */
export const inForceClock = (list: ListName, version: number, dueAt: number): NewClock => ({
  clockId: clockOf(list, version),
  kind: 'LIST',
  subject: `list:${list}`,
  dueAt,
  command: { name: 'putListInForce', payload: { list, version } },
});

class PutListInForcePayload {
  @IsIn(LIST_NAMES)
  list!: ListName;

  @IsInt()
  @Min(1)
  version!: number;
}

/**
 * A version for later holds by itself once its time has come [LI5]; rooms, readers and whoever else keeps something
 * of the list learn of it here.
 */
@Handles('putListInForce')
export class PutListInForce extends CommandHandler<PutListInForcePayload, { told: boolean }> {
  readonly payload = PutListInForcePayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly clocks: ClockLedger,
    private readonly listVersions: ListVersions,
    private readonly eventLog: EventLog,
  ) {
    super();
  }

  async handle(
    { list, version }: PutListInForcePayload,
    { tx, now, origin }: CommandContext,
  ): Promise<Result<{ told: boolean }>> {
    if (!(await this.clocks.ring(tx, clockOf(list, version), now))) return ok({ told: false });
    const holds = await this.listVersions.inForce(tx, list, now);
    // Another one holds that came into force after it, or at the same time: that one is told.
    if (holds?.version !== version) return ok({ told: false });
    const { effectiveFrom, hash } = holds;
    await tellActivated(this.eventLog, tx, origin, { list, version, effectiveFrom, hash });
    return ok({ told: true });
  }
}

const clockOf = (list: ListName, version: number): string => `list:${list}:${version}`;

import type { Role } from '@minqing-hub/client-sdk/protocol';
import { IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { OrderStore } from '../order-store.js';

/** Orders looked at in one transaction: other commands wait no longer than that. */
const ORDERS_PER_COMMAND = 100;

class RefreshReadersPayload {
  /** Goes on above this order number; empty: from the first. */
  @IsString()
  @MaxLength(32)
  afterOrderNo!: string;

  /** Which run over all orders this belongs to; none: it begins one. */
  @IsOptional()
  @IsString()
  @Length(1, 36)
  run?: string;
}

/**
 * Other units stand above an order's units since another unit list holds: who may read it, and which rooms show it,
 * follow, open or ended [I6]. In pieces; each has a clock that is due at once issue the next, so that no stop of the
 * hub ends the run half way.
 */
@Handles('refreshReaders')
export class RefreshReaders extends CommandHandler<RefreshReadersPayload, { refreshed: number }> {
  readonly payload = RefreshReadersPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly desk: OrderDesk,
    private readonly store: OrderStore,
    private readonly clocks: ClockLedger,
  ) {
    super();
  }

  async handle(
    { afterOrderNo, run = '' }: RefreshReadersPayload,
    context: CommandContext,
  ): Promise<Result<{ refreshed: number }>> {
    const { tx, now, origin } = context;
    if (run !== '' && !(await this.clocks.ring(tx, clockOf(run, afterOrderNo), now))) return ok({ refreshed: 0 });

    const orderNos = await this.store.readableByUnits(tx, afterOrderNo, ORDERS_PER_COMMAND);
    let refreshed = 0;
    for (const orderNo of orderNos) if (await this.desk.refreshReaders(context, orderNo)) refreshed++;
    if (orderNos.length === ORDERS_PER_COMMAND) await this.goOn(context, orderNos.at(-1)!, run || origin.commandId);
    return ok({ refreshed });
  }

  private async goOn({ tx, now }: CommandContext, afterOrderNo: string, run: string): Promise<void> {
    const clock = {
      clockId: clockOf(run, afterOrderNo),
      kind: 'LIST' as const,
      subject: 'list:units',
      dueAt: now,
      command: { name: 'refreshReaders', payload: { afterOrderNo, run } },
    };
    await this.clocks.start(tx, clock, now);
  }
}

const clockOf = (run: string, afterOrderNo: string): string => `readers:${run}:${afterOrderNo}`;

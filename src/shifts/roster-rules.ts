import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { CommandContext } from '../commands/command-handler.js';
import { ok, refuse, type Result } from '../domain/result.js';
import { decideBreak, type Manning } from '../domain/shift/break-rule.js';
import { endOf } from '../domain/shift/rostered-shift.js';
import { type RosteredShift, SeatLedger, type SeatNow, type ShiftRules } from '../queues/seat-ledger.js';
import { ShiftDesk } from './shift-desk.js';
import { ShiftPolicy } from './shift-policy.js';

/** What the roster has to say when somebody just says that they are there, or goes on a break. */
@Injectable()
export class RosterRules implements ShiftRules, OnModuleInit {
  constructor(
    private readonly seats: SeatLedger,
    private readonly desk: ShiftDesk,
    private readonly policy: ShiftPolicy,
  ) {}

  onModuleInit(): void {
    this.seats.follow(this);
  }

  /** [SH4] */
  async shiftNow(context: CommandContext, userId: string): Promise<Result<RosteredShift | null>> {
    const shift = await this.desk.shiftNow(context, userId);
    if (shift) return ok({ shiftId: shift.shiftId, endsAt: endOf(shift) });
    return this.policy.withoutRoster === 'allow' ? ok(null) : noShiftNow();
  }

  /** [SH9] Counts the break that begins; without a shift there is no rule for it. */
  async breakLimit(context: CommandContext, seat: SeatNow): Promise<Awaited<ReturnType<ShiftRules['breakLimit']>>> {
    const shift = await this.desk.shiftOf(context, seat);
    if (!shift) return ok(null);
    const { seatId } = seat;
    const decision = decideBreak(
      { endsAt: endOf(shift), breaks: shift.breaks },
      await this.manning(context, seat),
      this.policy.breaks,
      context.now,
    );
    if (!decision.ok) return decision;
    const { until } = decision.value;
    await this.desk.save(context, shift, { breaks: shift.breaks + 1 });
    const command = (clockId: string) => ({ name: 'overrunBreak', payload: { seatId, until, clockId } });
    return ok({ at: until, kind: 'BREAK', command });
  }

  private async manning(context: CommandContext, seat: SeatNow): Promise<Manning[]> {
    const signedOn = await this.seats.signedOn(context);
    return seat.queues.map((queueId) => {
      const there = signedOn.filter(({ queues }) => queues.includes(queueId));
      const away = there.filter(({ seatId, presence }) => presence === 'break' && seatId !== seat.seatId);
      const backAt = away.flatMap(({ presenceUntil }) => presenceUntil ?? []);
      return {
        queueId,
        signedOn: there.length,
        away: away.length,
        nextBackAt: backAt.length ? Math.min(...backAt) : null,
      };
    });
  }
}

export const noShiftNow = (): Result<never> =>
  refuse('no_shift_now', '排班表里您现在没有班次，不能签到', { clause: 'SH4' });

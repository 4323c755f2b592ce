import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { OwnShift, Role, ShiftPlace } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import { Clock } from '../config/clock.js';
import { instantOf } from '../domain/calendar/instant.js';
import { endOf, isBeingWorked } from '../domain/shift/rostered-shift.js';
import { type Actor, hasRole } from '../identity/actor.js';
import { AuthGuard, CurrentActor } from '../identity/http-auth.js';
import { People } from '../identity/people.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { RosterStore } from './roster-store.js';
import { ShiftPlan } from './shift-plan.js';

const READERS: readonly Role[] = ['shift_leader', 'policy_admin'];
/** Of the nearest shifts of a person: two months of them. */
const MOST_OWN = 62;

@ApiTags('shifts')
@ApiBearerAuth()
@UseGuards(AuthGuard)
@Controller('api/shifts')
export class ShiftsController {
  constructor(
    private readonly roster: RosterStore,
    private readonly plan: ShiftPlan,
    private readonly people: People,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  @Get('own')
  @ApiOperation({ summary: '本人未结束的排班，由近及远' })
  @ApiResponse({ status: 200, description: '[{shiftId, code, name, startsAt, endsAt, seatId, signedOn}]' })
  async own(@CurrentActor() actor: Actor): Promise<OwnShift[]> {
    const shifts = await this.readModel.run((tx) => this.roster.ofUser(tx, actor.userId, this.clock.now(), MOST_OWN));
    return shifts.map((shift) => ({
      shiftId: shift.shiftId,
      code: shift.code,
      name: this.plan.nameOf(shift.code),
      startsAt: shift.startsAt,
      endsAt: endOf(shift),
      seatId: shift.seatId,
      signedOn: isBeingWorked(shift),
    }));
  }

  @Get()
  @ApiOperation({ summary: '某一时刻应到和实到的人员；只对班长和管理员' })
  @ApiQuery({ name: 'at', required: false, description: '带时区的 ISO 8601 时间；不填为现在' })
  @ApiResponse({
    status: 200,
    description: '[{shiftId, code, startsAt, endsAt, userId, name, seatId, signedOnAt, signedOffAt}]',
  })
  @ApiResponse({ status: 403, description: 'forbidden' })
  async at(@CurrentActor() actor: Actor, @Query('at') at?: unknown): Promise<ShiftPlace[]> {
    if (!hasRole(actor, READERS)) throw new HubException('forbidden', '您没有查看排班的权限');
    const time = this.timeOf(at);
    return this.readModel.run(async (tx) => {
      const found: ShiftPlace[] = [];
      for (const shift of await this.roster.at(tx, time)) {
        found.push({
          shiftId: shift.shiftId,
          code: shift.code,
          startsAt: shift.startsAt,
          endsAt: endOf(shift),
          userId: shift.userId,
          // Who has left the centre since is known by the id alone.
          name: (await this.people.actor(tx, shift.userId))?.name ?? shift.userId,
          seatId: shift.seatId,
          signedOnAt: shift.signedOnAt,
          signedOffAt: shift.signedOffAt,
        });
      }
      return found;
    });
  }

  private timeOf(text: unknown): number {
    if (text === undefined) return this.clock.now();
    const time = typeof text === 'string' ? instantOf(text) : undefined;
    if (time === undefined) {
      throw new HubException('payload_invalid', '时间应写作带时区的 ISO 8601，如 2026-11-21T08:00:00+08:00', {
        field: 'at',
      });
    }
    return time;
  }
}

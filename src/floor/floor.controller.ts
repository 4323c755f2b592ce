import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FloorItemPage, FloorSeat, Role, SeatMessage, TimelineEntry } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import type { Result } from '../domain/result.js';
import { type Actor, hasRole } from '../identity/actor.js';
import { AuthGuard, CurrentActor } from '../identity/http-auth.js';
import { FloorItems } from './floor-items.js';
import { floorQueryOf, presenceOf, spanOf } from './floor-query.js';
import { FloorSeats } from './floor-seats.js';
import { SeatMessages } from './seat-messages.js';
import { SeatTimeline } from './seat-timeline.js';

const LEADERS: readonly Role[] = ['shift_leader'];

/** What lies behind the floor's numbers, for shift leaders. */
@ApiTags('floor')
@ApiBearerAuth()
@UseGuards(AuthGuard)
@Controller('api')
export class FloorController {
  constructor(
    private readonly items: FloorItems,
    private readonly floorSeats: FloorSeats,
    private readonly timelines: SeatTimeline,
    private readonly seatMessages: SeatMessages,
  ) {}

  @Get('floor/items')
  @ApiOperation({ summary: '一个数字背后的工作：等待的按轮次，临期和超期的按时限，其余按先后' })
  @ApiQuery({
    name: 'measure',
    description: 'waiting、offered、claimed、at_risk、breached、expired；held、handled 须带 seatId',
  })
  @ApiQuery({ name: 'queueId', required: false, description: '不填为所有队列' })
  @ApiQuery({ name: 'seatId', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiQuery({ name: 'limit', required: false, description: '1到200，默认50' })
  @ApiResponse({ status: 200, description: '{items, next, total}' })
  async list(@CurrentActor() actor: Actor, @Query() query: Record<string, unknown>): Promise<FloorItemPage> {
    mustLead(actor);
    return taken(await this.items.page(taken(floorQueryOf(query))));
  }

  @Get('floor/seats')
  @ApiOperation({ summary: '在岗的座席，或处于某一状态的座席，及其本班办理件数和用时' })
  @ApiQuery({ name: 'presence', required: false })
  @ApiResponse({ status: 200, description: '[{seatId, userId, name, presence, skills, held, handled, handlingMs, …}]' })
  async seats(@CurrentActor() actor: Actor, @Query() query: Record<string, unknown>): Promise<FloorSeat[]> {
    mustLead(actor);
    return this.floorSeats.list(taken(presenceOf(query)));
  }

  @Get('floor/seats/:seatId/timeline')
  @ApiOperation({ summary: '一个座席上发生的事，旧的在前；不填时间为本班以来，最多回到7天前' })
  @ApiQuery({ name: 'from', required: false, description: '带时区的 ISO 8601 时间，含' })
  @ApiQuery({ name: 'to', required: false, description: '带时区的 ISO 8601 时间，不含' })
  @ApiResponse({ status: 404, description: 'not_found：没有这个座席' })
  async timeline(
    @CurrentActor() actor: Actor,
    @Param('seatId') seatId: string,
    @Query() query: Record<string, unknown>,
  ): Promise<TimelineEntry[]> {
    mustLead(actor);
    const found = await this.timelines.of(seatId, taken(spanOf(query)));
    if (!found) throw new HubException('not_found', '没有这个座席', { field: 'seatId' });
    return found;
  }

  @Get('seats/:seatId/messages')
  @ApiOperation({ summary: '班长给座席的留言，新的在前；对班长和留言时在座的本人' })
  async messages(@CurrentActor() actor: Actor, @Param('seatId') seatId: string): Promise<SeatMessage[]> {
    if (hasRole(actor, LEADERS)) return this.seatMessages.list(seatId);
    if (actor.seatId !== seatId) throw new HubException('forbidden', '这不是您的座席');
    return this.seatMessages.list(seatId, actor.userId);
  }
}

function mustLead(actor: Actor): void {
  if (!hasRole(actor, LEADERS)) throw new HubException('forbidden', '您没有查看全场的权限');
}

function taken<T>(result: Result<T>): T {
  if (!result.ok) throw new HubException(result.error.code, result.error.message, result.error);
  return result.value;
}

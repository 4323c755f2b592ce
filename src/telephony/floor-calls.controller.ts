import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FloorCallPage } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import { type Actor, hasRole } from '../identity/actor.js';
import { AuthGuard, CurrentActor } from '../identity/http-auth.js';
import { floorCallsQueryOf } from './floor-calls-query.js';
import { FloorCalls } from './floor-calls.js';

/** What lies behind the telephone's numbers, for shift leaders. */
@ApiTags('floor')
@ApiBearerAuth()
@UseGuards(AuthGuard)
@Controller('api')
export class FloorCallsController {
  constructor(private readonly calls: FloorCalls) {}

  @Get('floor/calls')
  @ApiOperation({ summary: '一个话务数字背后的来电，近24小时，新的在前，来电号码已脱敏' })
  @ApiQuery({
    name: 'measure',
    description: 'offered、answered、abandoned、answered_within_15s、transferred、wrong_numbers',
  })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiQuery({ name: 'limit', required: false, description: '1到200，默认50' })
  @ApiResponse({ status: 200, description: '{items, next, total}' })
  async list(@CurrentActor() actor: Actor, @Query() query: Record<string, unknown>): Promise<FloorCallPage> {
    if (!hasRole(actor, ['shift_leader'])) throw new HubException('forbidden', '您没有查看全场的权限');
    const asked = floorCallsQueryOf(query);
    if (!asked.ok) throw new HubException(asked.error.code, asked.error.message, asked.error);
    return this.calls.page(asked.value);
  }
}

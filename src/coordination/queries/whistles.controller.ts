import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { TrailEntry, WhistleDetail, WhistleMessages, WhistlePage } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../../commands/hub-exception.js';
import type { Result } from '../../domain/result.js';
import type { Actor } from '../../identity/actor.js';
import { AuthGuard, CurrentActor } from '../../identity/http-auth.js';
import { messagesQueryOf, whistleQueryOf } from './whistle-query.js';
import { WhistleReading } from './whistle-reading.js';

/** Whistles as those see them who take part: what a caller may not see does not exist for them [I6]. */
@ApiTags('whistles')
@ApiBearerAuth()
@UseGuards(AuthGuard)
@Controller('api/whistles')
export class WhistlesController {
  constructor(private readonly reading: WhistleReading) {}

  @Get()
  @ApiOperation({ summary: '哨单列表，新的在前；只含本人可见的' })
  @ApiQuery({ name: 'stage', required: false, description: '一个或多个状态，以逗号分隔' })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiQuery({ name: 'limit', required: false, description: '1到200，默认50' })
  @ApiResponse({ status: 200, description: '{items, next}' })
  list(@CurrentActor() actor: Actor, @Query() query: Record<string, unknown>): Promise<WhistlePage> {
    return this.reading.page(actor, taken(whistleQueryOf(query)));
  }

  @Get(':whistleNo')
  @ApiOperation({ summary: '一张哨单：参加单位、任务、所涉工单与文字记录' })
  @ApiResponse({ status: 404, description: 'whistle_not_found：没有，或无权查看' })
  async detail(@CurrentActor() actor: Actor, @Param('whistleNo') whistleNo: string): Promise<WhistleDetail> {
    return found(await this.reading.detail(actor, whistleNo));
  }

  @Get(':whistleNo/messages')
  @ApiOperation({ summary: '哨单房间里的发言，新的在前，并各人读到哪一条' })
  @ApiQuery({ name: 'before', required: false, description: '只要序号更小的' })
  @ApiQuery({ name: 'limit', required: false, description: '1到200，默认50' })
  @ApiResponse({ status: 404, description: 'whistle_not_found：没有，或无权查看' })
  async messages(
    @CurrentActor() actor: Actor,
    @Param('whistleNo') whistleNo: string,
    @Query() query: Record<string, unknown>,
  ): Promise<WhistleMessages> {
    const { before, limit } = taken(messagesQueryOf(query));
    return found(await this.reading.messages(actor, whistleNo, before, limit));
  }

  @Get(':whistleNo/trail')
  @ApiOperation({ summary: '一张哨单的全程留痕，旧的在前' })
  @ApiResponse({ status: 404, description: 'whistle_not_found：没有，或无权查看' })
  async trail(@CurrentActor() actor: Actor, @Param('whistleNo') whistleNo: string): Promise<TrailEntry[]> {
    return found(await this.reading.trail(actor, whistleNo));
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new HubException('whistle_not_found', '没有这个哨单，或您无权查看', { field: 'whistleNo' });
  }
  return value;
}

function taken<T>(result: Result<T>): T {
  if (!result.ok) throw new HubException(result.error.code, result.error.message, result.error);
  return result.value;
}

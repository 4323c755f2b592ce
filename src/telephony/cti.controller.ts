import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type {
  CallDetail,
  CallerHistory,
  HubError,
  TelephoneEventAnswer,
  TelephoneEventLine,
} from '@minqing-hub/client-sdk/protocol';
import { CommandBus } from '../commands/command-bus.js';
import { HubException } from '../commands/hub-exception.js';
import { newCommandId } from '../commands/new-command-id.js';
import { TakesBody } from '../commands/takes-body.js';
import type { Result } from '../domain/result.js';
import type { Actor } from '../identity/actor.js';
import { AuthGuard, CurrentActor } from '../identity/http-auth.js';
import { CallReading } from './call-reading.js';
import { TelephoneEventPayload } from './commands/take-telephone-event.js';

const MOST_EVENTS = 100;

/** The door of telephone switches, and what seats ask about the calls they have. Telephony itself stays outside. */
@ApiTags('telephony')
@UseGuards(AuthGuard)
@Controller('api')
export class CtiController {
  constructor(
    private readonly bus: CommandBus,
    private readonly reading: CallReading,
  ) {}

  @Post('cti/events')
  @HttpCode(200)
  @ApiSecurity('apiKey')
  @ApiOperation({
    summary: '话务事件：一个，或最多100个的数组；次序不限，可重复报送。数组逐个答复，一个有误不影响其他',
  })
  @TakesBody(TelephoneEventPayload, { orList: MOST_EVENTS })
  @ApiResponse({
    status: 200,
    description: '{eventId, callId, duplicate, presence}，或其数组（有误的为 {eventId, error}）',
  })
  @ApiResponse({ status: 409, description: 'call_content_differs：同一事件编号，内容不同' })
  async take(
    @CurrentActor() actor: Actor,
    @Body() body: unknown,
  ): Promise<TelephoneEventAnswer | TelephoneEventLine[]> {
    if (actor.source === undefined) throw new HubException('forbidden', '只有来源系统可以报送话务事件');
    if (!Array.isArray(body)) {
      const answer = await this.takeOne(actor, body);
      if ('error' in answer) throw new HubException(answer.error.code, answer.error.message, answer.error);
      return answer;
    }
    if (body.length > MOST_EVENTS) {
      throw new HubException('payload_invalid', `一次最多 ${MOST_EVENTS} 个事件`, { field: 'body', clause: 'CT1' });
    }
    // All at once: what follows from them does not depend on their order [CT2], and they share their commits.
    return Promise.all(body.map((event) => this.takeOne(actor, event)));
  }

  @Get('calls/:callId')
  @ApiBearerAuth()
  @ApiOperation({ summary: '本座席的一通电话，来电号码已脱敏' })
  @ApiResponse({ status: 404, description: 'call_unknown：没有，或不在本座席' })
  async detail(@CurrentActor() actor: Actor, @Param('callId') callId: string): Promise<CallDetail> {
    return taken(await this.reading.detail(actor, callId));
  }

  @Get('calls/:callId/history')
  @ApiBearerAuth()
  @ApiOperation({ summary: '来电人此前的工单，与其周边近期的工单' })
  @ApiQuery({ name: 'areaCode', required: false, description: '周边以此区域为准；不填为来电人最近一件工单的区域' })
  @ApiResponse({ status: 404, description: 'call_unknown：没有，或不在本座席' })
  async history(
    @CurrentActor() actor: Actor,
    @Param('callId') callId: string,
    @Query('areaCode') areaCode?: unknown,
  ): Promise<CallerHistory> {
    if (areaCode !== undefined && (typeof areaCode !== 'string' || areaCode === '' || areaCode.length > 64)) {
      throw new HubException('payload_invalid', '应为区域编码', { field: 'areaCode' });
    }
    return taken(await this.reading.history(actor, callId, areaCode));
  }

  private async takeOne(actor: Actor, event: unknown): Promise<TelephoneEventLine> {
    const command = { name: 'takeTelephoneEvent', commandId: newCommandId(), payload: event };
    const answer = await this.bus.execute(actor, command);
    return answer.ok
      ? (answer.result as TelephoneEventAnswer)
      : { eventId: eventIdOf(event), error: shown(answer.error) };
  }
}

function eventIdOf(event: unknown): string | null {
  const { eventId } = (event ?? {}) as { eventId?: unknown };
  return typeof eventId === 'string' ? eventId.slice(0, 128) : null;
}

/** What is wrong with the payload of the command is wrong with the event. */
const shown = (error: HubError): HubError => (error.field === 'payload' ? { ...error, field: 'body' } : error);

function taken<T>(result: Result<T>): T {
  if (!result.ok) throw new HubException(result.error.code, result.error.message, result.error);
  return result.value;
}

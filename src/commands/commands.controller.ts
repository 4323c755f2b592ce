import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { Actor } from '@minqing-hub/client-sdk/protocol';
import { AuthGuard, CurrentActor } from '../identity/http-auth.js';
import { CommandBus } from './command-bus.js';
import { HubException } from './hub-exception.js';
import { RateLimits } from './rate-limits.js';

/** The same commands as on the socket, for systems of departments and districts that act by themselves. */
@ApiTags('commands')
@ApiBearerAuth()
@ApiSecurity('apiKey')
@UseGuards(AuthGuard)
@Controller('api/commands')
export class CommandsController {
  constructor(
    private readonly bus: CommandBus,
    private readonly limits: RateLimits,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: '发出一项指令；同一 commandId 再次发出得到同一答复，不会重复执行' })
  @ApiResponse({ status: 200, description: '{ok: true, result}' })
  @ApiResponse({ status: 429, description: '请求过于频繁；Retry-After 为需等待的秒数' })
  async execute(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<{ ok: true; result: unknown }> {
    if (body === null || typeof body !== 'object' || Array.isArray(body)) {
      throw new HubException('payload_malformed', '内容应为一个对象', { field: 'body' });
    }
    const { name, commandId, payload } = body as Record<string, unknown>;
    if (typeof name !== 'string') throw new HubException('payload_malformed', '缺少指令名', { field: 'name' });
    if (typeof commandId !== 'string') {
      throw new HubException('payload_malformed', '缺少指令编号', { field: 'commandId' });
    }
    this.limits.admit('commands', actor.userId);
    const answer = await this.bus.execute(actor, { name, commandId, payload });
    if (!answer.ok) throw new HubException(answer.error.code, answer.error.message, answer.error);
    return answer;
  }
}

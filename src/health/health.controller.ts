import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Readiness } from '@minqing-hub/client-sdk/protocol';
import { SetAside } from '../event-log/set-aside.js';
import { Troubles } from './troubles.js';

interface HttpResponse {
  status(code: number): unknown;
}

@ApiTags('health')
@Controller('api/health')
export class HealthController {
  constructor(
    private readonly troubles: Troubles,
    private readonly setAside: SetAside,
  ) {}

  @Get('live')
  @HttpCode(200)
  @ApiOperation({ summary: '进程在运行' })
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('ready')
  @ApiOperation({
    summary:
      '可以服务；否则 503 并指出有问题的部分。degraded 所列的部分有问题时仍能服务；troubles 说明各是什么、从何时起',
  })
  @ApiResponse({
    status: 503,
    description: '不能服务',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Readiness' } } },
  })
  async ready(@Res({ passthrough: true }) response: HttpResponse): Promise<Readiness> {
    const troubles = await this.troubles.now();
    const parts = (effect: string) => troubles.filter((trouble) => trouble.effect === effect).map(({ part }) => part);
    const failing = parts('failing');
    if (failing.length) response.status(503);
    const setAside = Object.fromEntries(failing.includes('database.read') ? [] : await this.setAside.counts());
    const status = failing.length ? 'failing' : 'ready';
    return { status, failing, degraded: parts('degraded'), setAside, troubles };
  }
}

import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Readiness } from '@minqing-hub/client-sdk/protocol';
import { Alarms } from '../deadlines/alarms.js';
import { SetAside } from '../event-log/set-aside.js';
import { Tail } from '../event-log/tail.js';
import { ReadModel, UnitOfWork } from '../storage/unit-of-work.js';

/** A tail further behind than this shows consoles an old picture. */
const TAIL_LAG_LIMIT_MS = 5_000;
const CHECK_TIMEOUT_MS = 3_000;

interface HttpResponse {
  status(code: number): unknown;
}

@ApiTags('health')
@Controller('api/health')
export class HealthController {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly readModel: ReadModel,
    private readonly tail: Tail,
    private readonly setAside: SetAside,
    private readonly alarms: Alarms,
  ) {}

  @Get('live')
  @HttpCode(200)
  @ApiOperation({ summary: '进程在运行' })
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('ready')
  @ApiOperation({ summary: '可以服务；否则 503 并指出有问题的部分。degraded 所列的部分有问题时仍能服务' })
  @ApiResponse({
    status: 503,
    description: '不能服务',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Readiness' } } },
  })
  async ready(@Res({ passthrough: true }) response: HttpResponse): Promise<Readiness> {
    const failing: string[] = [];
    if (!(await answers(this.readModel.run((tx) => tx.one('SELECT 1 AS one'))))) failing.push('database.read');
    if (!(await answers(this.unitOfWork.run((tx) => tx.one('SELECT 1 AS one'))))) failing.push('database.write');
    if (this.tail.lagMs > TAIL_LAG_LIMIT_MS) failing.push('log.tail');
    if (failing.length) response.status(503);
    const setAside = Object.fromEntries(failing.includes('database.read') ? [] : await this.setAside.counts());
    const degraded = this.alarms.failing === undefined ? [] : [this.alarms.failing];
    return { status: failing.length ? 'failing' : 'ready', failing, degraded, setAside };
  }
}

/** False when the work fails or does not end in time. */
function answers(work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timeout = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS);
    work.then(
      () => resolve(true),
      () => resolve(false),
    );
    void work.finally(() => clearTimeout(timeout)).catch(() => undefined);
  });
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Body, Controller, Get, HttpStatus, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { IntakeReceipt } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import { RateLimits } from '../commands/rate-limits.js';
import { TakesBody } from '../commands/takes-body.js';
import type { Refusal, Result } from '../domain/result.js';
import type { Actor } from '../identity/actor.js';
import { AuthGuard, CurrentActor } from '../identity/http-auth.js';
import { ReaderGone, writeLine } from './answer-stream.js';
import { Batch, csvLines, type InputLine, ndjsonLines } from './batch.js';
import { type Channel, Channels } from './channels.js';
import { IntakeDoor } from './intake-door.js';
import { Mappings } from './mappings.js';
import { RegisterPayload } from './register-payload.js';

const NDJSON = /^application\/(x-)?(ndjson|jsonl|json-lines)\b/i;
const CSV = /^text\/csv\b/i;

/** What comes in from source systems and seats [IN2]. */
@ApiTags('intake')
@ApiBearerAuth()
@ApiSecurity('apiKey')
@UseGuards(AuthGuard)
@Controller('api')
export class IntakeController {
  constructor(
    private readonly door: IntakeDoor,
    private readonly batch: Batch,
    private readonly mappings: Mappings,
    private readonly channels: Channels,
    private readonly limits: RateLimits,
  ) {}

  @Post('intake/requests')
  @ApiOperation({ summary: '登记一件诉求；同一 source 与 sourceId 再次提交得到同一编号，不会重复登记' })
  @TakesBody(RegisterPayload, { required: ['source', 'sourceId', 'channel'] })
  @ApiResponse({ status: 201, description: '{requestNo, orderNo, receiptCode, duplicate: false}' })
  @ApiResponse({ status: 200, description: '此前已登记：同样的编号，duplicate: true' })
  @ApiResponse({ status: 409, description: 'source_content_differs：同一来源编号，内容不同' })
  @ApiResponse({ status: 429, description: '请求过于频繁；Retry-After 为需等待的秒数' })
  async receive(
    @CurrentActor() actor: Actor,
    @Body() body: unknown,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<IntakeReceipt> {
    this.limits.admit('intake', actor.userId);
    const reception = await this.door.receive(actor, body);
    if (!reception.ok) throw refused(reception.error);
    response.statusCode = reception.receipt.duplicate ? HttpStatus.OK : HttpStatus.CREATED;
    return reception.receipt;
  }

  @Post('intake/batch')
  @ApiOperation({ summary: '成批登记：逐行读入，逐行答复，顺序一致；一行有误不影响其他行' })
  @ApiConsumes('application/x-ndjson', 'text/csv')
  @ApiBody({ description: 'NDJSON：每行一件，字段同单件登记；CSV：列由对照表规定', schema: { type: 'string' } })
  @ApiQuery({ name: 'mapping', required: false, description: 'CSV 的对照表名（config/replay）' })
  @ApiResponse({
    status: 200,
    description: 'NDJSON，每行 {line, requestNo, orderNo, receiptCode, duplicate} 或 {line, error}',
    content: { 'application/x-ndjson': { schema: { $ref: '#/components/schemas/BatchLine' } } },
  })
  async receiveMany(
    @CurrentActor() actor: Actor,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
    @Query('mapping') mapping?: unknown,
  ): Promise<void> {
    this.limits.admit('intake', actor.userId);
    const barred = this.door.barred(actor);
    if (barred) throw refused(barred);
    const lines = taken(await this.linesOf(request, mapping));

    response.statusCode = HttpStatus.OK;
    response.setHeader('Content-Type', 'application/x-ndjson; charset=utf-8');
    response.flushHeaders();
    try {
      await this.batch.run(actor, lines, (answer) => writeLine(response, answer));
      response.end();
    } catch (fault) {
      // Whoever hung up hears nothing more; what was taken on stays, and is a duplicate when it comes again.
      response.destroy();
      if (!(fault instanceof ReaderGone) && fault !== request.errored) throw fault;
    }
  }

  @Get('channels')
  @ApiOperation({ summary: '受理渠道' })
  list(): readonly Channel[] {
    return this.channels.all;
  }

  private async linesOf(request: IncomingMessage, mapping: unknown): Promise<Result<AsyncIterable<InputLine>>> {
    const type = request.headers['content-type'] ?? '';
    const chunks = request as AsyncIterable<Buffer>;
    if (NDJSON.test(type)) return { ok: true, value: ndjsonLines(chunks) };
    if (!CSV.test(type)) {
      throw new HubException('payload_malformed', '内容类型应为 application/x-ndjson 或 text/csv', {
        field: 'Content-Type',
      });
    }
    if (typeof mapping !== 'string')
      throw new HubException('payload_invalid', 'CSV 需要对照表名', { field: 'mapping' });
    const found = taken(await this.mappings.named(mapping));
    return csvLines(chunks, found).catch((fault: unknown) => {
      if (fault === request.errored) throw new HubException('payload_malformed', '文件没有传完');
      throw fault;
    });
  }
}

const refused = (error: Refusal) => new HubException(error.code, error.message, error);

function taken<T>(result: Result<T>): T {
  if (!result.ok) throw refused(result.error);
  return result.value;
}

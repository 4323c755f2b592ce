import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Meters } from './metrics/meters.js';

/** What Prometheus scrapes; what to make of it tells `docs/operations.md`. */
@ApiTags('health')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly meters: Meters) {}

  @Get()
  @ApiOperation({ summary: 'Prometheus 指标' })
  @ApiResponse({ status: 200, description: '', content: { 'text/plain': { schema: { type: 'string' } } } })
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  scrape(): Promise<string> {
    return this.meters.registry.metrics();
  }
}

import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CommandBus } from '../commands/command-bus.js';
import { SetAside } from '../event-log/set-aside.js';
import { Tail } from '../event-log/tail.js';

/** What Prometheus scrapes. No label holds anything personal. */
@ApiTags('health')
@Controller('metrics')
export class MetricsController {
  private readonly registry = new Registry();

  constructor(bus: CommandBus, tail: Tail, setAside: SetAside) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    const answered = new Counter({
      name: 'hub_commands_total',
      help: 'Commands answered, by name and outcome (ok or error code)',
      labelNames: ['name', 'outcome'] as const,
      registers,
    });
    const duration = new Histogram({
      name: 'hub_command_seconds',
      help: 'From a command’s arrival to its answer',
      labelNames: ['name'] as const,
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    bus.onAnswered(({ name, answer, ms }) => {
      answered.inc({ name, outcome: answer.ok ? 'ok' : answer.error.code });
      duration.observe({ name }, ms / 1_000);
    });
    this.registry.registerMetric(
      new Gauge({
        name: 'hub_set_aside_events',
        help: 'Events that a reaction could not follow up and left to a person, by its name',
        labelNames: ['reaction'] as const,
        registers: [],
        async collect() {
          for (const [reaction, count] of await setAside.counts()) this.set({ reaction }, count);
        },
      }),
    );
    this.registry.registerMetric(
      new Gauge({
        name: 'hub_tail_lag_ms',
        help: 'How long the oldest event that is not yet handed out has waited',
        registers: [],
        collect() {
          this.set(tail.lagMs);
        },
      }),
    );
    this.registry.registerMetric(
      new Gauge({
        name: 'hub_log_seq',
        help: 'Seq of the last event handed out by this node',
        registers: [],
        collect() {
          this.set(tail.position);
        },
      }),
    );
  }

  @Get()
  @ApiOperation({ summary: 'Prometheus 指标' })
  @ApiResponse({ status: 200, description: '', content: { 'text/plain': { schema: { type: 'string' } } } })
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  scrape(): Promise<string> {
    return this.registry.metrics();
  }
}

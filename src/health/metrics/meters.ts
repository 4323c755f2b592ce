import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, type Metric, register, Registry } from 'prom-client';
import { within } from '../within.js';

/** What cannot be read in this time is left out of the answer: the other figures are needed most just then. */
const PATIENCE_MS = 2_000;

/** One figure, or one for each value of a label; `undefined`: not known now. */
type Figures = number | undefined | Iterable<readonly [labelValue: string, figure: number]>;
type Read = () => Figures | Promise<Figures>;
type Put = (labels: Record<string, string>, figure: number) => void;

/** All that is counted and measured, read when somebody asks. No label holds anything personal. [SI3] */
@Injectable()
export class Meters {
  readonly registry = new Registry();

  constructor() {
    // The process's own, begun once: what watches its garbage and its event loop has no end.
    if (register.getMetricsAsArray().length === 0) collectDefaultMetrics();
    for (const metric of register.getMetricsAsArray()) this.registry.registerMetric(metric as unknown as Metric);
  }

  /** How something stands now. */
  gauge(name: string, help: string, read: Read, label?: string): void {
    const put: Put = (labels, figure) => gauge.set(labels, figure);
    const collect = (): Promise<void> => collectInto(gauge, put, read, label);
    const gauge: Gauge = new Gauge({ ...this.described(name, help, label), collect });
  }

  /** What has been counted up since the process began, by who counts it. */
  counter(name: string, help: string, read: Read, label?: string): void {
    const put: Put = (labels, figure) => counter.inc(labels, figure);
    const collect = (): Promise<void> => collectInto(counter, put, read, label);
    const counter: Counter = new Counter({ ...this.described(name, help, label), collect });
  }

  /** What is counted here as it happens. */
  tally<L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** What is measured here as it happens; `buckets` in the unit of its name. */
  histogram<L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  private described(name: string, help: string, label: string | undefined) {
    return { name, help, labelNames: label === undefined ? [] : [label], registers: [this.registry] };
  }
}

async function collectInto(
  metric: { reset(): void; remove(): void },
  put: Put,
  read: Read,
  label: string | undefined,
): Promise<void> {
  const figures = await within(PATIENCE_MS, Promise.resolve().then(read)).catch(() => undefined);
  metric.reset();
  if (typeof figures === 'number') put({}, figures);
  else if (label === undefined) metric.remove();
  else for (const [value, figure] of figures ?? []) put({ [label]: value }, figure);
}

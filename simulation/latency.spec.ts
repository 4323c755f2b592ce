import { describe, expect, it } from '@jest/globals';
import { LatencyMeter } from './latency.js';

describe('LatencyMeter', () => {
  it('takes the time from a command to its event on another console, once', () => {
    let now = 0;
    const meter = new LatencyMeter(() => now);
    for (let i = 1; i <= 100; i += 1) {
      now = 1000 * i;
      meter.leaves(`o${i}`, 'order.accepted');
      now += i;
      meter.shows(`o${i}`, 'order.dispatched', 0);
      meter.shows(`o${i}`, 'order.accepted', 0);
      now += 500;
      meter.shows(`o${i}`, 'order.accepted', 0);
    }
    expect(meter.report()).toEqual({ p50: 50, p99: 99, samples: 100 });
  });

  it('leaves out what a console missed while it was cut off, and what was refused', () => {
    let now = 10;
    const meter = new LatencyMeter(() => now);
    meter.leaves('o1', 'order.accepted');
    meter.leaves('o2', 'order.accepted');
    meter.forget('o2', 'order.accepted');
    now = 500;
    meter.shows('o1', 'order.accepted', 400);
    meter.shows('o2', 'order.accepted', 0);
    expect(meter.report()).toEqual({ p50: null, p99: null, samples: 0 });
  });
});

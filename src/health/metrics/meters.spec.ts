import { Meters } from './meters.js';

describe('Meters', () => {
  const answer = (meters: Meters, name: string) =>
    meters.registry
      .getSingleMetricAsString(name)
      .then((text) => text.split('\n').filter((line) => !/^(#|$)/.test(line)));

  it('reads a figure anew each time it is asked for', async () => {
    const meters = new Meters();
    let count = 0;
    meters.gauge('standing', 'help', () => ++count * 10);
    meters.counter('counted', 'help', () => count);
    expect(await answer(meters, 'standing')).toEqual(['standing 10']);
    expect(await answer(meters, 'counted')).toEqual(['counted 1']);
    expect(await answer(meters, 'standing')).toEqual(['standing 20']);
    expect(await answer(meters, 'counted')).toEqual(['counted 2']);
  });

  it('has no figure for what is gone or not known, and the others all the same', async () => {
    const meters = new Meters();
    let seats = new Map([['ready', 2]]);
    meters.gauge('seats', 'help', () => seats, 'presence');
    meters.gauge('unknown', 'help', () => undefined);
    meters.gauge('broken', 'help', () => Promise.reject(new Error('no database')));
    expect(await answer(meters, 'seats')).toEqual(['seats{presence="ready"} 2']);
    seats = new Map([['busy', 1]]);
    expect(await answer(meters, 'seats')).toEqual(['seats{presence="busy"} 1']);
    expect(await answer(meters, 'unknown')).toEqual([]);
    expect(await answer(meters, 'broken')).toEqual([]);
    expect(await meters.registry.metrics()).toContain('seats{presence="busy"} 1');
  });

  it('[SI3] does not wait for a figure that does not come', async () => {
    const meters = new Meters();
    meters.gauge('stuck', 'help', () => new Promise<number>(() => undefined));
    expect(await answer(meters, 'stuck')).toEqual([]);
  });
});

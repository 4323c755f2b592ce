import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { MOST_IN_FLIGHT, playRows } from './play-rows.js';
import type { RecordedRow } from './recorded-rows.js';

const rows = (count: number, apartMs = 0): RecordedRow[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    line: index + 2,
    at: index * apartMs,
    unitId: null,
    areas: [],
    cells: {},
    request: { source: 's', sourceId: String(index), channel: 'phone', title: 't', text: 't' },
  }));
const nothing = { speed: null, before: async () => {}, sent: () => {} };

describe('playRows', () => {
  it('has a bounded number of rows on the way, and starts them in order', async () => {
    const begun: number[] = [];
    const gates: (() => void)[] = [];
    let released = 0;
    const playing = playRows(rows(100), {
      ...nothing,
      send: ({ index }) => {
        begun.push(index);
        return new Promise((done) => gates.push(done));
      },
    });
    while (begun.length < 100) {
      await until('as many as may be are on the way', () => begun.length === Math.min(100, released + MOST_IN_FLIGHT));
      gates[released]?.();
      released += 1;
    }
    gates.slice(released).forEach((open) => open());
    await playing;
    expect(begun).toEqual(rows(100).map(({ index }) => index));
  });

  it('lets what comes before a row wait until nothing is on the way', async () => {
    let onTheWay = 0;
    const seen: number[] = [];
    await playRows(rows(20), {
      ...nothing,
      before: async ({ index }, settle) => {
        if (index % 10 !== 0) return;
        await settle();
        seen.push(onTheWay);
      },
      send: async () => {
        onTheWay += 1;
        await new Promise((done) => setImmediate(done));
        onTheWay -= 1;
      },
    });
    expect(seen).toEqual([0, 0]);
  });

  it('keeps the recorded pace, made faster', async () => {
    const startedAt = performance.now();
    await playRows(rows(5, 1000), { ...nothing, speed: 20, send: async () => {} });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(195);
  });

  it('ends with the first failure', async () => {
    let begun = 0;
    const failing = playRows(rows(1000), {
      ...nothing,
      send: async ({ index }) => {
        begun += 1;
        if (index === 3) throw new Error('lost');
      },
    });
    await expect(failing).rejects.toThrow('lost');
    expect(begun).toBeLessThan(100);
  });
});

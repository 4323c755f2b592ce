import { describe, expect, it } from '@jest/globals';
import { Meters } from '../../src/health/metrics/meters.js';
import { Checks } from '../../src/health/checks.js';
import { startHub } from '../support/hub.js';
import { textOf } from './repository.js';

const page = textOf('docs/operations.md');

/** Names that stand in the first column of a table under a heading. */
function named(heading: string): string[] {
  const section = page.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;
  const cells = [...section.matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell]) => cell!);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
}

describe('docs/operations.md', () => {
  it('[SI2] [SI3] has every metric and every part that may be in trouble, and no other', async () => {
    const hub = await startHub({ demo: false });
    const metrics = hub.app.get(Meters).registry.getMetricsAsArray();
    const parts = hub.app.get(Checks).all.map(({ part }) => part);
    await hub.stop();
    expect(named('Metrics').sort()).toEqual(metrics.map(({ name }) => name).sort());
    expect(named('Health').sort()).toEqual(parts.sort());
    for (const { name, help } of metrics) expect([name, help]).toEqual([name, expect.stringMatching(/\w{4}/)]);
  });
});

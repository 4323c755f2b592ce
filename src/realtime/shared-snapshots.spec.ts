import type { Start } from './catch-up.js';
import { SharedSnapshots } from './shared-snapshots.js';

const startAt = (offset: number): Start => ({ offset, head: offset, snapshot: undefined });

describe('[LD1] snapshots that are shared', () => {
  it('are begun after each who gets one has asked, however many share it', async () => {
    let taken = 0;
    const snapshots = new SharedSnapshots(async () => startAt((taken += 1)));
    const line = Array.from({ length: 100 }, () => snapshots.ask());
    const first = await Promise.all(line.map((asked) => snapshots.of('queue:a', asked)));
    expect(new Set(first.map(({ offset }) => offset))).toEqual(new Set([1]));
    // Something happened, and somebody asks who must see it.
    expect((await snapshots.of('queue:a', snapshots.ask())).offset).toBe(2);
    // Who asked before gets the newest that there is; another room has its own.
    expect((await snapshots.of('queue:a', line[0]!)).offset).toBe(2);
    expect((await snapshots.of('queue:b', line[0]!)).offset).toBe(3);
    snapshots.clear();
    expect((await snapshots.of('queue:a', line[0]!)).offset).toBe(4);
  });

  it('do not outlive a failure', async () => {
    let tries = 0;
    const snapshots = new SharedSnapshots(async () => {
      if ((tries += 1) === 1) throw new Error('it went away');
      return startAt(tries);
    });
    const [one, other] = [snapshots.ask(), snapshots.ask()];
    await expect(snapshots.of('queue:a', one)).rejects.toThrow('it went away');
    expect((await snapshots.of('queue:a', other)).offset).toBe(2);
  });
});

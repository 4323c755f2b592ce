import { setImmediate as nextTurn } from 'node:timers/promises';
import { Turns } from './turns.js';

describe('[LD2] turns', () => {
  it('do a few pieces between two looks at what else there is, in order, and a failure holds up nobody', async () => {
    const turns = new Turns();
    const done: number[] = [];
    const all = Array.from({ length: 41 }, (_, n) =>
      turns
        .take(async () => {
          done.push(n);
          if (n % 5 === 0) throw new Error('as it may happen');
        })
        .catch(() => undefined),
    );
    const most: number[] = [];
    for (let before = 0; done.length < 41; before = done.length) {
      await nextTurn();
      most.push(done.length - before);
    }
    await Promise.all(all);
    expect(Math.max(...most)).toBeLessThanOrEqual(8);
    expect(done).toEqual(Array.from({ length: 41 }, (_, n) => n));
    expect(turns.inLine).toBe(0);
    await expect(turns.take(async () => 'again')).resolves.toBe('again');
  });

  it('[LD1] let who has begun go on before others begin', async () => {
    const turns = new Turns();
    const done: string[] = [];
    const came = Array.from({ length: 20 }, async (_, n) => {
      await turns.take(async () => void done.push(`${n} begins`));
      if (n === 0) await turns.goOn(async () => void done.push('0 goes on'));
    });
    await Promise.all(came);
    expect(done.indexOf('0 goes on')).toBeLessThanOrEqual(8);
    expect(done.filter((what) => what.endsWith('begins'))).toHaveLength(20);
  });
});

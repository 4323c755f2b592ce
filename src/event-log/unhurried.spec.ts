import { until } from '../../test/support/until.js';
import { Unhurried } from './unhurried.js';

describe('unhurried work', () => {
  it('begins at once, and does together what it was called for while it worked and rested', async () => {
    let times = 0;
    const unhurried = new Unhurried(() => {
      times += 1;
      unhurried.begin();
      // Called for while at work.
      if (times === 1) unhurried.call();
      unhurried.restFor(10);
    });
    unhurried.call();
    for (let i = 0; i < 5; i++) unhurried.call();
    expect(times).toBe(1);
    await until('it to have rested', () => times > 1);
    expect(times).toBe(2);
    unhurried.stop();
  });

  it('begins before its rest is over when it is made to, and rests anew', async () => {
    const begun: string[] = [];
    const work = (why: string, restMs: number) => {
      begun.push(why);
      unhurried.begin();
      unhurried.restFor(restMs);
    };
    const unhurried = new Unhurried(() => work('called', 5));
    unhurried.call();
    work('made to', 20);
    unhurried.call();
    await until('it to have rested', () => begun.length === 3);
    expect(begun).toEqual(['called', 'made to', 'called']);
    unhurried.stop();
  });
});

import { FakeClock } from '../../test/support/fake-clock.js';
import { TimeWatch } from './time-watch.js';

const MINUTE_MS = 60_000;

describe('TimeWatch', () => {
  function watching() {
    const clock = new FakeClock(1_000_000);
    let steady = 0;
    const watch = new TimeWatch(clock, () => steady);
    watch.look();
    /** So much goes by, and by the machine's time so much more. */
    const pass = (ms: number, more = 0) => {
      steady += ms;
      clock.advance(ms + more);
      return watch.look();
    };
    return { pass, clock };
  }

  it('tells nothing while time goes by, or is nudged', () => {
    const { pass } = watching();
    for (const more of [0, 1_500, -1_500, 0]) expect(pass(5_000, more)).toBeUndefined();
  });

  it('[SI2] tells a jump, forward or back, for ten minutes', () => {
    const { pass, clock } = watching();
    const jump = { byMs: 3_600_000, at: clock.now() + 3_605_000 };
    expect(pass(5_000, 3_600_000)).toEqual(jump);
    expect(pass(9 * MINUTE_MS)).toEqual(jump);
    expect(pass(2 * MINUTE_MS)).toBeUndefined();
    expect(pass(5_000, -60_000)).toMatchObject({ byMs: -60_000 });
  });
});

import { FakeClock } from '../../test/support/fake-clock.js';
import { VirtualClock } from './virtual-clock.js';

describe('virtual clock', () => {
  it('[CK8] goes on with the machine’s time, further ahead with each move, and never back', () => {
    const machine = new FakeClock();
    const clock = new VirtualClock(machine);
    const start = machine.now();
    expect([clock.now(), clock.aheadMs]).toEqual([start, 0]);
    clock.moveAheadTo(86_400_000);
    machine.advance(5);
    expect([clock.now(), clock.aheadMs]).toEqual([start + 86_400_005, 86_400_000]);
    clock.moveAheadTo(1_000);
    expect(clock.now()).toBe(start + 86_400_005);
  });
});

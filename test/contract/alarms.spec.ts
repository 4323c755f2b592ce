import { Logger } from '@nestjs/common';
import { readPolicy } from '../../src/config/policy.js';
import { VirtualClock } from '../../src/config/virtual-clock.js';
import { InProcessAlarms } from '../../src/deadlines/in-process-alarms.js';
import { FakeClock } from '../support/fake-clock.js';
import { FakeTimer } from '../support/fake-timer.js';
import { alarmsContract } from './alarms.contract.js';

Logger.overrideLogger(false);

describe('alarms in the process', () => {
  alarmsContract(async () => {
    const clock = new FakeClock();
    const timer = new FakeTimer(clock);
    const alarms = new InProcessAlarms(clock, timer, readPolicy('config'));
    return {
      alarms,
      now: () => clock.now(),
      pass: async (ms) => timer.advance(ms),
      close: () => alarms.close(),
    };
  });

  it('has one timer, however many alarms', async () => {
    const clock = new FakeClock();
    const timer = new FakeTimer(clock);
    const alarms = new InProcessAlarms(clock, timer, readPolicy('config'));
    for (let i = 0; i < 1_000; i++) alarms.arm(`offer:${i}`, clock.now() + 1_000 + ((i * 7) % 500));
    expect(timer.pending).toBe(1);
    let rung = 0;
    alarms.onRing(() => (rung += 1));
    timer.advance(2_000);
    expect(rung).toBe(1_000);
    expect(timer.pending).toBe(0);
  });

  it('[CK4] keeps its times when the hub’s time has jumped ahead of the machine’s', () => {
    const machine = new FakeClock();
    const clock = new VirtualClock(machine);
    const timer = new FakeTimer(machine);
    const alarms = new InProcessAlarms(clock, timer, readPolicy('config'));
    const rung: string[] = [];
    alarms.onRing((clockId) => rung.push(clockId));
    alarms.arm('overtaken', clock.now() + 30_000);
    alarms.arm('near', clock.now() + 52_000);
    clock.moveAheadTo(50_000);
    alarms.realign();
    expect(rung).toEqual(['overtaken']);
    timer.advance(1_999);
    expect(rung).toEqual(['overtaken']);
    timer.advance(1);
    expect(rung).toEqual(['overtaken', 'near']);
    expect(timer.pending).toBe(0);
  });

  it('[CK2] waits for the rest when the system wakes it early', () => {
    const clock = new FakeClock();
    const works: (() => void)[] = [];
    const hasty = { after: (_ms: number, work: () => void) => (works.push(work), () => undefined) };
    const alarms = new InProcessAlarms(clock, hasty, readPolicy('config'));
    const rung: string[] = [];
    alarms.onRing((clockId) => rung.push(clockId));
    alarms.arm('offer:a', clock.now() + 1_000);
    clock.advance(999);
    works.shift()!();
    expect(rung).toEqual([]);
    clock.advance(1);
    works.shift()!();
    expect(rung).toEqual(['offer:a']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { HubTime } from './hub-time.js';

describe('HubTime', () => {
  it('trusts the quickest of the last pulses, half a round trip after it was sent', () => {
    let ticks = 0;
    const time = new HubTime(
      () => ticks,
      () => 0,
    );
    time.roundTrip(40);
    for (const delay of [20, 300, 35]) {
      ticks += 5_000;
      time.pulse(1_000_000 + ticks - delay);
    }
    expect(time.now()).toBe(1_000_000 + ticks);
  });

  it('follows a hub whose clock was moved, forward at once and back after three pulses', () => {
    let ticks = 0;
    const time = new HubTime(
      () => ticks,
      () => 0,
    );
    const hear = (hubNow: number): number => {
      ticks += 5_000;
      time.pulse(hubNow);
      return time.now();
    };
    expect(hear(1_000_000)).toBe(1_000_000);
    expect(hear(9_000_000)).toBe(9_000_000);
    hear(500_000);
    hear(505_000);
    expect(hear(510_000)).toBe(510_000);
  });

  it('takes the date of an answer until the first pulse, and the local clock before that', () => {
    let ticks = 100;
    const time = new HubTime(
      () => ticks,
      () => 77,
    );
    expect([time.now(), time.learnt]).toEqual([77, false]);
    time.answerDate('no date', 0);
    expect(time.learnt).toBe(false);
    time.answerDate('Mon, 10 Sep 2018 00:00:00 GMT', 100);
    expect(time.now()).toBe(Date.UTC(2018, 8, 10) + 500);
    ticks += 1_000;
    expect(time.now()).toBe(Date.UTC(2018, 8, 10) + 1_500);
    time.pulse(5_000_000);
    expect(time.now()).toBe(5_000_000);
  });
});

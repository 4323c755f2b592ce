import * as fc from 'fast-check';
import { type Attempt, countsAsAttempt, isUnreachable, type UnreachableRule } from './unreachable.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const RULE: UnreachableRule = { attempts: 3, apartMs: 2 * HOUR, bands: 2, message: true, fromHour: 8, toHour: 21 };
const at = (time: string) => Date.parse(`2026-03-02T${time}:00+08:00`);
const phone = (time: string) => ({ channel: 'phone', at: at(time) });
const sms = { channel: 'sms', at: at('09:00') };

/** As the rule is written: any choice of them at all. */
function byEveryChoice(attempts: readonly Attempt[], { attempts: most, apartMs, bands, message }: UnreachableRule) {
  const calls = attempts.filter(({ channel }) => channel !== 'sms').map((one) => one.at);
  const bandOf = (time: number) =>
    ['12:00', '18:00'].filter((end) => (time - at('00:00')) % DAY >= at(end) - at('00:00')).length;
  const choices = Array.from({ length: 2 ** calls.length }, (_, choice) => calls.filter((_, i) => (choice >> i) & 1));
  const suffices = (chosen: number[]) =>
    chosen.length >= most &&
    new Set(chosen.map(bandOf)).size >= bands &&
    chosen.every((a, i) => chosen.slice(i + 1).every((b) => Math.abs(a - b) >= apartMs));
  return (!message || calls.length < attempts.length) && choices.some(suffices);
}

describe('who counts as unreachable', () => {
  it('[A4] is whom three attempts in two parts of the day and a message have not reached', () => {
    expect(isUnreachable([phone('09:00'), phone('11:00'), phone('13:00'), sms], RULE)).toBe(true);
  });

  it.each([
    ['two attempts', [phone('09:00'), phone('13:00'), sms]],
    ['attempts that follow one another closely', [phone('09:00'), phone('10:59'), phone('13:00'), sms]],
    ['one part of the day', [phone('12:00'), phone('14:00'), phone('16:00'), sms]],
    ['no message', [phone('09:00'), phone('11:00'), phone('13:00')]],
    ['messages alone', [sms, { ...sms, at: at('12:00') }, { ...sms, at: at('18:00') }]],
  ])('[A4] is nobody after %s', (_, attempts) => {
    expect(isUnreachable(attempts, RULE)).toBe(false);
  });

  it('[A4] is whom enough of many attempts stand far enough apart for', () => {
    const many = ['09:00', '09:30', '10:00', '11:00', '11:30', '13:30'].map(phone);
    expect(isUnreachable([...many, sms], RULE)).toBe(true);
  });

  it('[A4] is whom some of the attempts suffice for, whatever was tried between them', () => {
    const nextDay = { channel: 'phone', at: at('09:00') + 24 * HOUR };
    const enough = [phone('09:00'), phone('12:30'), nextDay, sms];
    expect(isUnreachable(enough, RULE)).toBe(true);
    expect(isUnreachable([...enough, phone('11:30')], RULE)).toBe(true);
  });

  it('[A4] is whom any choice of the attempts makes so, and one attempt more never makes anybody reachable', () => {
    const attempt = fc.record({
      channel: fc.constantFrom('phone', 'phone', 'phone', 'sms'),
      // Half hours of three days.
      at: fc.integer({ min: 0, max: 143 }).map((n) => at('00:00') + n * (HOUR / 2)),
    });
    const rule = fc.record({
      attempts: fc.integer({ min: 1, max: 4 }),
      apartMs: fc.integer({ min: 0, max: 8 }).map((n) => n * (HOUR / 2)),
      bands: fc.integer({ min: 1, max: 3 }),
      message: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 9 }), attempt, rule, (attempts, another, asked) => {
        const given = { ...RULE, ...asked };
        const answer = isUnreachable(attempts, given);
        expect(answer).toBe(byEveryChoice(attempts, given));
        if (answer) expect(isUnreachable([...attempts, another], given)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('[A19] is not told by calls at night, unless the matter is urgent', () => {
    expect(['07:59', '08:00', '20:59', '21:00'].map((time) => countsAsAttempt(at(time), false, RULE))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(countsAsAttempt(at('03:00'), true, RULE)).toBe(true);
  });
});

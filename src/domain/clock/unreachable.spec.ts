import { countsAsAttempt, isUnreachable, type UnreachableRule } from './unreachable.js';

const HOUR = 3_600_000;
const RULE: UnreachableRule = { attempts: 3, apartMs: 2 * HOUR, bands: 2, message: true, fromHour: 8, toHour: 21 };
const at = (time: string) => Date.parse(`2026-03-02T${time}:00+08:00`);
const phone = (time: string) => ({ channel: 'phone', at: at(time) });
const sms = { channel: 'sms', at: at('09:00') };

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

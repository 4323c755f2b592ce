import { SUSPENSION_REASONS } from '../order/suspension-reasons.js';
import { momentText, noticeText } from './notice-text.js';
import { retryAfter, sendableFrom } from './notice-time.js';

const chinaTime = (text: string) => Date.parse(`${text}+08:00`);
const MINUTE = 60_000;
const none = { unitId: null, unitName: null, dueAt: null, until: null, reasonCode: null };
const works = { ...none, unitId: 'works', unitName: '城建局', dueAt: chinaTime('2026-09-25T00:00:00') };

describe('what a requester is told', () => {
  it.each([
    ['accepted', none, '您的诉求（工单 GD1）已受理。'],
    ['dispatched', works, '您的诉求（工单 GD1）已转由城建局办理，预计于2026年9月24日24时前办结。'],
    ['extended', works, '您的诉求（工单 GD1）的办理期限已延长，预计于2026年9月24日24时前办结，仍由城建局办理。'],
    ['resumed', works, '您的诉求（工单 GD1）已由城建局恢复办理，预计于2026年9月24日24时前办结。'],
    ['dispatched', none, '您的诉求（工单 GD1）已转由承办单位办理。'],
    [
      'suspended',
      { ...works, dueAt: null, until: chinaTime('2026-10-01T00:00:00'), reasonCode: 'third_party' },
      '您的诉求（工单 GD1）因须待第三方先行处理暂缓办理，至迟于2026年9月30日24时后恢复。',
    ],
    ['suspended', { ...none, reasonCode: 'of_tomorrow' }, '您的诉求（工单 GD1）因客观原因暂缓办理。'],
  ] as const)('[NT1] of %s', (template, facts, words) => {
    expect(noticeText(template, 'GD1', facts)).toBe(words);
  });

  it('[T18] [NT1] says every reason for which an order may be put aside', () => {
    const said = SUSPENSION_REASONS.map((reasonCode) => noticeText('suspended', 'GD1', { ...none, reasonCode }));
    expect(new Set(said).size).toBe(SUSPENSION_REASONS.length);
    for (const words of said) expect(words).not.toContain('客观原因暂');
  });

  it('names a time in China’s hours', () => {
    expect(momentText(chinaTime('2026-03-05T16:30:59'))).toBe('2026年3月5日16时30分');
    expect(momentText(chinaTime('2026-03-05T09:00:00'))).toBe('2026年3月5日9时');
    expect(momentText(chinaTime('2026-01-01T00:00:00'))).toBe('2025年12月31日24时');
  });
});

describe('when a requester is told', () => {
  const hours = { from: 8, to: 21 };
  const night = chinaTime('2026-10-01T00:00:01');

  it('[NT5] is at once by day, and at night only what answers them', () => {
    const day = chinaTime('2026-09-30T20:59:59');
    for (const template of ['accepted', 'dispatched', 'extended', 'suspended', 'resumed'] as const) {
      expect(sendableFrom(day, template, hours)).toBe(day);
    }
    expect(sendableFrom(night, 'accepted', hours)).toBe(night);
    expect(sendableFrom(night, 'dispatched', hours)).toBe(night);
    expect(sendableFrom(night, 'resumed', hours)).toBe(chinaTime('2026-10-01T08:00:00'));
    expect(sendableFrom(day + 1000, 'extended', hours)).toBe(chinaTime('2026-10-01T08:00:00'));
  });

  it('[NT4] is twice as much later each time, a day at most', () => {
    expect([1, 2, 3, 4].map((attempts) => retryAfter(attempts, MINUTE))).toEqual([
      MINUTE,
      2 * MINUTE,
      4 * MINUTE,
      8 * MINUTE,
    ]);
    expect(retryAfter(30, MINUTE)).toBe(24 * 60 * MINUTE);
  });
});

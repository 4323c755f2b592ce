import type { ClockName, ClockSignal, ClockView, HubEvent, TrailEntry } from '@minqing-hub/client-sdk/protocol';
import fc from 'fast-check';
import { boardOf, isIn } from '../../console/src/live/clock-board.js';
import { clockSentence, dueWords, leftWords, limitWords } from '../../console/src/live/clock-words.js';
import { endedClocks } from '../../console/src/live/ended-clocks.js';
import { lightOfItem } from '../../console/src/live/item-light.js';
import { groupOf, lastTurn, lightOf, nextDue, rowClocks, sortedByDue } from '../../console/src/live/order-clocks.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 2026-11-23, 10:00 in China. */
const NOW = Date.UTC(2026, 10, 23, 2);

const clock = (name: ClockName, more: Partial<ClockView> = {}): ClockView => ({
  clockId: `order:GD1:${name}:1`,
  clock: name,
  unitId: null,
  state: 'running',
  basis: 'wall',
  limit: 24 * HOUR,
  source: 'policy',
  startedAt: NOW - HOUR,
  amberAt: NOW + 18 * HOUR,
  dueAt: NOW + 23 * HOUR,
  provisional: false,
  pausedAt: null,
  pausedFor: null,
  pausedMs: 0,
  signal: null,
  endedAt: null,
  ...more,
});
const order = (orderNo: string, ...clocks: ClockView[]) => ({ orderNo, clocks });
const SIGNALS: (ClockSignal | null)[] = [null, 'amber', 'overdue', 'overdue_1wd', 'overdue_3wd'];

describe('how a console shows a clock', () => {
  it('[CK10] is coloured by what the hub has said, whatever time it is', () => {
    const lights = SIGNALS.map((signal) => lightOf(clock('ACK', { signal, dueAt: NOW - DAY }), NOW));
    expect(lights).toEqual(['ok', 'amber', 'overdue', 'late', 'late']);
    expect(lightOf(clock('HANDLING', { state: 'paused', signal: 'amber' }), NOW)).toBe('paused');
    expect(lightOf(clock('HANDLING', { state: 'paused', signal: 'overdue' }), NOW)).toBe('overdue');
    expect(lightOf(clock('ACK', { state: 'met', signal: 'overdue' }), NOW)).toBe('done');
  });

  it('[CK10] turns amber by the hub’s time where amber was said of an earlier due, and is not said again', () => {
    const warned = clock('HANDLING', { warned: true, amberAt: NOW });
    const paused = { ...warned, state: 'paused' } as const;
    expect([lightOf(warned, NOW - 1), lightOf(warned, NOW), lightOf(paused, NOW)]).toEqual(['ok', 'amber', 'paused']);
    expect(lightOf(clock('HANDLING', { amberAt: NOW }), NOW + DAY)).toBe('ok');
    expect(lightOf({ ...warned, signal: 'overdue' }, NOW)).toBe('overdue');

    const orders = [order('1', clock('ACK'), warned), order('2', { ...warned, amberAt: NOW + HOUR })];
    expect([NOW - 1, NOW, NOW + HOUR - 1, NOW + HOUR].map((now) => lastTurn(orders, now))).toEqual([
      ...[0, NOW, NOW],
      NOW + HOUR,
    ]);
    const standing = (now: number) => [orders.map((one) => groupOf(one, now)), boardOf(orders, now)];
    for (const now of [NOW - 1, NOW, NOW + HOUR, NOW + DAY])
      expect(standing(lastTurn(orders, now))).toEqual(standing(now));
    expect(orders.map((one) => groupOf(one, NOW))).toEqual(['amber', 'ok']);
  });

  it('[CK10] [CK11] turns work that waits when the hub says so, and by no count of its own', () => {
    const lights = (due: Parameters<typeof lightOfItem>[0], ...at: number[]) => at.map((now) => lightOfItem(due, now));
    const dueAt = NOW + HOUR;
    const all = { dueAt, amberAt: NOW, overdueAt: dueAt + MINUTE };
    expect(lights(all, NOW - 1, NOW, dueAt, dueAt + MINUTE - 1, dueAt + MINUTE)).toEqual([
      ...['ok', 'amber', 'amber', 'amber', 'overdue'],
    ]);
    expect(lights({ dueAt, amberAt: null, overdueAt: null }, dueAt - 1, dueAt)).toEqual(['ok', 'overdue']);
    expect(lights({ dueAt }, dueAt - 1, dueAt)).toEqual(['ok', 'overdue']);
    expect(lights({ dueAt: null }, NOW, NOW + DAY)).toEqual(['none', 'none']);
  });

  it('counts to the second: the last second of what is left is a second, the first one over is none yet', () => {
    const at = (left: number, whole = false) => leftWords(clock('ACK', { dueAt: NOW + left }), NOW, whole);
    expect([at(1), at(SECOND), at(SECOND + 1), at(0), at(-999), at(-SECOND)]).toEqual([
      '剩 0:01',
      '剩 0:01',
      '剩 0:02',
      '超 0:00',
      '超 0:00',
      '超 0:01',
    ]);
    expect([at(23 * HOUR + 62 * SECOND), at(3 * DAY + 4 * HOUR), at(3 * DAY + 4 * HOUR + 5 * SECOND, true)]).toEqual([
      '剩 23:01:02',
      '剩 3天4时',
      '剩 3天 04:00:05',
    ]);
    expect(at(-2 * DAY - 61 * SECOND, true)).toBe('超 2天 00:01:01');
  });

  it('says the same length whole as its days, hours, minutes and seconds add up to', () => {
    fc.assert(
      fc.property(fc.integer({ min: DAY, max: 400 * DAY }), (left) => {
        const [, days, hours, minutes, seconds] =
          /^剩 (\d+)天 (\d\d):(\d\d):(\d\d)$/.exec(leftWords(clock('HANDLING', { dueAt: NOW + left }), NOW, true)) ??
          [];
        const told = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
        expect(told).toBe(Math.ceil(left / SECOND));
      }),
    );
  });

  it('says of one that stands still that it does, and of what was due at once since when', () => {
    expect(leftWords(clock('HANDLING', { state: 'paused', pausedAt: NOW }), NOW)).toBe('暂停');
    expect(leftWords(clock('ACCEPT', { limit: 0, dueAt: NOW - 30 * SECOND }), NOW)).toBe('即时 已过 0:30');
    const done = clock('ACK', { state: 'met', signal: 'overdue', dueAt: NOW - HOUR, endedAt: NOW - MINUTE });
    expect(leftWords(done, NOW)).toBe('曾超 59:00');
  });

  it('[WD4] names the day that ends, not the one that begins, and days of China on any computer', () => {
    const endOfDay = Date.UTC(2026, 10, 27, 16);
    expect([dueWords(endOfDay, NOW), dueWords(endOfDay - MINUTE, NOW), dueWords(NOW + HOUR, NOW)]).toEqual([
      '11-27 24:00',
      '11-27 23:59',
      '今天 11:00',
    ]);
    expect(dueWords(NOW + HOUR, NOW, true)).toBe('11-23 11:00');
    expect(dueWords(Date.UTC(2027, 0, 4, 16), NOW)).toBe('2027-01-04 24:00');
    expect(dueWords(Date.UTC(2026, 11, 31, 16), NOW)).toBe('12-31 24:00');
  });

  it('tells a limit in its own basis, and all of it in one sentence', () => {
    const limits = [
      { basis: 'wall', limit: 0 },
      { basis: 'wall', limit: 30 * MINUTE },
      { basis: 'wall', limit: 24 * HOUR },
      { basis: 'day', limit: 2 },
      { basis: 'workday', limit: 15 },
    ] as const;
    expect(limits.map(limitWords)).toEqual(['即时', '30 分钟', '24 小时', '2 个自然日', '15 个工作日']);
    const paused = { basis: 'workday', limit: 3, state: 'paused', pausedFor: 'suspended', provisional: true } as const;
    expect(clockSentence(clock('HANDLING', { ...paused, dueAt: Date.UTC(2026, 10, 27, 16) }), NOW)).toBe(
      '办理，时限 3 个工作日，11-27 24:00 到期，暂定，挂账期间暂停',
    );
  });
});

describe('how a console lists orders by their clocks', () => {
  it('takes the loudest that is still open; the window for objections makes nobody late [C3]', () => {
    expect(groupOf(order('1', clock('ACK'), clock('HANDLING', { signal: 'amber' })), NOW)).toBe('amber');
    expect(groupOf(order('2', clock('ACK', { signal: 'overdue_3wd' }), clock('HANDLING')), NOW)).toBe('overdue');
    expect(groupOf(order('3', clock('ACK', { signal: 'overdue', state: 'stopped' }), clock('HANDLING')), NOW)).toBe(
      'ok',
    );
    const closed = order('4', clock('OBJECTION', { signal: 'overdue', dueAt: NOW - 1 }));
    expect([groupOf(closed, NOW), nextDue(closed), rowClocks(closed)]).toEqual(['none', Infinity, []]);
    expect([leftWords(closed.clocks[0]!, NOW), lightOf(closed.clocks[0]!, NOW)]).toEqual(['已截止', 'done']);
    const closing = order('5', clock('OBJECTION', { signal: 'amber', dueAt: NOW + HOUR }));
    expect([groupOf(closing, NOW), lightOf(closing.clocks[0]!, NOW)]).toEqual(['none', 'amber']);
  });

  it('knows cards of before there were clocks', () => {
    const old: { orderNo: string; clocks?: ClockView[] } = { orderNo: 'GD0' };
    expect([groupOf(old, NOW), nextDue(old), rowClocks(old), boardOf([old], NOW)]).toEqual(['none', Infinity, [], []]);
  });

  it('puts first what runs out first, what stands still or has no clock last, and needs no time for it', () => {
    const orders = [
      order('none'),
      order('late', clock('ACK', { dueAt: NOW + 9 * HOUR })),
      order('still', clock('HANDLING', { state: 'paused', dueAt: NOW })),
      order('soon', clock('HANDLING', { dueAt: NOW + 3 * DAY }), clock('ACK', { dueAt: NOW + HOUR })),
      order('over', clock('ACK', { signal: 'overdue', dueAt: NOW - HOUR })),
    ];
    const names = (sorted: { orderNo: string }[]) => sorted.map(({ orderNo }) => orderNo);
    expect(names(sortedByDue(orders))).toEqual(['over', 'soon', 'late', 'none', 'still']);
    const backwards = (a: { orderNo: string }, b: { orderNo: string }) => (a.orderNo < b.orderNo ? 1 : -1);
    expect(names(sortedByDue(orders, backwards))).toEqual(['still', 'soon', 'over', 'none', 'late']);
  });

  it('shows one contact, by whichever clock of the two is due first', () => {
    const contact = [clock('CONTACT_UNIT', { dueAt: NOW + 5 }), clock('CONTACT_CITIZEN', { dueAt: NOW + 3 })];
    const shown = rowClocks(order('1', ...contact, clock('HANDLING', { dueAt: NOW + 4 })));
    expect(shown.map((one) => one.clock)).toEqual(['CONTACT_CITIZEN', 'HANDLING']);
  });

  it('adds every order up on a leader’s board, and each number finds exactly its orders', () => {
    const names: ClockName[] = ['ACK', 'OBJECTION', 'CONTACT_UNIT', 'HANDLING'];
    const some = fc.record({
      clock: fc.constantFrom(...names),
      state: fc.constantFrom('running', 'paused', 'met', 'stopped'),
      signal: fc.constantFrom(...SIGNALS),
    });
    fc.assert(
      fc.property(fc.array(fc.array(some, { maxLength: 4 }), { maxLength: 12 }), (drawn) => {
        const orders = drawn.map((clocks, i) => order(`${i}`, ...clocks.map(({ clock: n, ...of }) => clock(n, of))));
        for (const { clock: name, counts } of boardOf(orders, NOW)) {
          expect(name).not.toBe('OBJECTION');
          for (const [column, count] of Object.entries(counts) as [keyof typeof counts, number][])
            expect(orders.filter((one) => isIn(one, { clock: name, column }, NOW)).length).toBe(count);
        }
      }),
    );
  });

  it('learns from the trail what has ended, in time or not', () => {
    const told = (type: HubEvent['type'], at: number, name: ClockName): TrailEntry => ({
      id: `${at}`,
      seq: at,
      type,
      at,
      recordedAt: at,
      actor: 'system',
      data: { orderNo: 'GD1', version: 1, clockId: `order:GD1:${name}:1`, clock: name, unitId: 'works', dueAt: 5 },
    });
    const trail = [
      told('deadline.started', 1, 'ACK'),
      told('order.dispatched', 2, 'ACK'),
      told('deadline.overdue', 6, 'ACK'),
      told('deadline.overdue', 6, 'OBJECTION'),
      told('deadline.stopped', 7, 'OBJECTION'),
      told('deadline.overdue', 7, 'EVALUATION'),
      told('deadline.stopped', 7, 'EVALUATION'),
      told('deadline.met', 8, 'ACK'),
      told('deadline.met', 9, 'DISPATCH'),
    ];
    expect(endedClocks(trail).map(({ clock: name, how, late, endedAt }) => [name, how, late, endedAt])).toEqual([
      ['DISPATCH', 'met', false, 9],
      ['ACK', 'met', true, 8],
      ['EVALUATION', 'stopped', false, 7],
      ['OBJECTION', 'stopped', false, 7],
    ]);
  });
});

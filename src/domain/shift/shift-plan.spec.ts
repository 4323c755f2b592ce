import { readFileSync } from 'node:fs';
import { chinaDay, chinaTime, planFaults, type ShiftKind, shiftTimes } from './shift-plan.js';

const early: ShiftKind = { code: 'early', name: '早班', start: '07:00', end: '15:00' };
const late: ShiftKind = { code: 'late', name: '晚班', start: '15:00', end: '23:00' };
const night: ShiftKind = { code: 'night', name: '夜班', start: '23:00', end: '07:00' };

describe('the plan of shifts', () => {
  it('[SH1] that comes with the hub has six, and covers the day', () => {
    const plan = JSON.parse(readFileSync('config/shifts.json', 'utf8')) as ShiftKind[];
    expect(planFaults(plan)).toEqual([]);
    expect(plan).toHaveLength(6);
  });

  it('[SH1] tells every stretch that it leaves uncovered, also around midnight', () => {
    expect(planFaults([early, late, night])).toEqual([]);
    expect(planFaults([early, { ...late, start: '16:00' }, { ...night, start: '23:30', end: '06:59' }])).toEqual([
      '06:59 至 07:00 没有班次',
      '15:00 至 16:00 没有班次',
      '23:00 至 23:30 没有班次',
    ]);
    expect(planFaults([early])).toEqual(['00:00 至 07:00 没有班次', '15:00 至 24:00 没有班次']);
  });

  it('[SH1] tells all faults at once', () => {
    expect(
      planFaults([{ ...early, code: '早', start: '7:00' }, { ...late, end: '15:00' }, { ...night, colour: 'x' }, null]),
    ).toEqual([
      '第 1 项：code 应为1到32个字母、数字、_ 或 -',
      '第 1 项：start 应为 00:00 至 23:59',
      '第 2 项：start 和 end 不能相同',
      '第 3 项：没有 colour 这个字段',
      '第 4 项：code 应为1到32个字母、数字、_ 或 -',
      '第 4 项：name 不能为空',
      '第 4 项：start 应为 00:00 至 23:59',
      '第 4 项：end 应为 00:00 至 23:59',
    ]);
    expect(planFaults([early, { ...late, code: 'early', name: '早班' }, night])).toEqual([
      'code early 重复',
      'name 早班 重复',
    ]);
    expect(planFaults({})).toEqual(['应为列表']);
  });

  it('[SH1] counts in China time, over midnight and over a leap day', () => {
    expect(shiftTimes(early, '2026-11-22')).toEqual({
      startsAt: Date.parse('2026-11-22T07:00:00+08:00'),
      endsAt: Date.parse('2026-11-22T15:00:00+08:00'),
    });
    expect(shiftTimes(night, '2028-02-29')).toEqual({
      startsAt: Date.parse('2028-02-29T23:00:00+08:00'),
      endsAt: Date.parse('2028-03-01T07:00:00+08:00'),
    });
    expect(shiftTimes(night, '2026-02-29')).toBeUndefined();
    const midnight = Date.parse('2026-11-22T00:00:00+08:00');
    expect([chinaDay(midnight - 1), chinaDay(midnight), chinaTime(midnight - 1)]).toEqual([
      '2026-11-21',
      '2026-11-22',
      '23:59',
    ]);
  });
});

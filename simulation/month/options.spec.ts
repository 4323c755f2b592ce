import type { Environment } from '../environment.js';
import { Fault } from '../fault.js';
import { readOptions } from './options.js';

const environment: Environment = { port: 3000, demoPassword: 'demo', configDir: './config' };
const TODAY = Date.parse('2026-11-22T10:00:00+08:00');
const read = (line: string, now = TODAY) => readOptions(line.split(' ').filter(Boolean), environment, now);

describe('the options of a simulated month', () => {
  it('are a month without faults before the next long holidays, unless said otherwise', () => {
    expect(read('')).toEqual({
      start: '2027-01-24',
      days: 31,
      orders: 120,
      seed: 1,
      kills: 0,
      redisLosses: 0,
      alarms: 'in-process',
      mostLateMs: 2_000,
      report: null,
      configDir: './config',
      password: 'demo',
    });
    expect(read('--kills 3 --redis-losses 2 --start 2026-12-01')).toMatchObject({
      start: '2026-12-01',
      kills: 3,
      redisLosses: 2,
      alarms: 'bull',
    });
    expect(read('', Date.parse('2027-03-01T10:00:00+08:00')).start).toBe('2027-09-19');
  });

  it.each([
    ['--days 0', '--days'],
    ['--days 93', '--days'],
    ['--start 2026-11-22', '--start'],
    ['--start 2026-02-30', '--start'],
    ['--start tomorrow', '--start'],
    ['--start 2029-01-01', '--start'],
    ['--redis-losses 1 --alarms in-process', '--redis-losses'],
    ['--alarms elsewhere', '--alarms'],
    ['--hurry', '--hurry'],
  ])('%s: names %s', (line, option) => {
    expect(() => read(line)).toThrow(Fault);
    expect(() => read(line)).toThrow(option);
  });
});

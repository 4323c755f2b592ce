import type { Environment } from '../environment.js';
import { Fault } from '../fault.js';
import { readOptions } from './options.js';

const environment: Environment = { port: 3000, demoPassword: 'demo', configDir: './config' };
const read = (line: string) => readOptions(line.split(' ').filter(Boolean), environment);
const NEEDED = '--seats 700 --orders-per-day 10000 --minutes 3';

describe('the options of a simulated day', () => {
  it('are an ordinary Monday from seven o’clock, in real time, unless said otherwise', () => {
    expect(read(NEEDED)).toEqual({
      seats: 700,
      ordersPerDay: 10_000,
      minutes: 3,
      speed: 1,
      seed: 1,
      url: null,
      report: null,
      fromMinute: 420,
      weekday: 1,
      user: 'admin',
      password: 'demo',
      configDir: './config',
      cutEverySeconds: null,
    });
    const told = read(`${NEEDED} --speed 60 --seed 4 --from 22:30 --weekday 0 --url http://hub:1/ --cuts 2`);
    expect(told).toMatchObject({ speed: 60, seed: 4, fromMinute: 1_350, weekday: 0, url: 'http://hub:1' });
    expect(told.cutEverySeconds).toBe(2);
  });

  it.each([
    ['--orders-per-day 1 --minutes 1', '--seats'],
    ['--seats 701 --orders-per-day 1 --minutes 1', '--seats'],
    ['--seats 1 --orders-per-day 1', '--minutes'],
    [`${NEEDED} --from 24:00`, '--from'],
    [`${NEEDED} --speed fast`, '--speed'],
    [`${NEEDED} --weekday 7`, '--weekday'],
    [`${NEEDED} --hurry`, '--hurry'],
  ])('%s: names %s', (line, option) => {
    expect(() => read(line)).toThrow(Fault);
    expect(() => read(line)).toThrow(option);
  });
});

import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

const environment = { port: 3000, demoPassword: 'demo', configDir: './config' };
const needed = ['--mapping', 'pingshan', '--file', 'a.csv'];

describe('readOptions', () => {
  it('has defaults for everything but the mapping and the file', () => {
    expect(readOptions(needed, environment)).toEqual({
      mapping: 'pingshan',
      file: 'a.csv',
      url: null,
      speed: null,
      report: null,
      seed: 1,
      user: 'admin',
      password: 'demo',
      agents: 8,
      dispatchers: 8,
      arbiters: 2,
      learnEvery: 1000,
      cutEverySeconds: null,
      limit: null,
    });
    const more = ['--speed', '60', '--seed', '0', '--cuts', '0.5', '--url', 'http://hub:3000/', '--limit', '7'];
    expect(readOptions([...needed, ...more], environment)).toMatchObject({
      speed: 60,
      seed: 0,
      cutEverySeconds: 0.5,
      url: 'http://hub:3000',
      limit: 7,
    });
    expect(readOptions([...needed, '--speed', 'max'], environment).speed).toBeNull();
  });

  it.each([
    [[], '--mapping'],
    [['--mapping', '../secrets', '--file', 'a.csv'], '--mapping'],
    [['--mapping', 'a'], '--file'],
    [[...needed, '--speed', 'fast'], '--speed'],
    [[...needed, '--seats', '3'], '--seats'],
    [[...needed, '--agents', '0'], '--agents'],
    [[...needed, '--help'], 'Usage'],
  ])('says what is wrong with %j and how it is used', (args, named) => {
    const read = (): unknown => readOptions(args, environment);
    expect(read).toThrow(named);
    expect(read).toThrow('Usage: npm run replay');
  });
});

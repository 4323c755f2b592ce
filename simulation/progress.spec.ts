import { describe, expect, it } from '@jest/globals';
import { Progress } from './progress.js';

describe('Progress', () => {
  it('tells how far it came in plain lines where there is no terminal', () => {
    const said: string[] = [];
    const progress = new Progress('Sending', 10, (line) => said.push(line), false);
    for (let done = 1; done <= 10; done += 1) progress.at(done);
    progress.end();
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^Sending: 10 of 10 in \d+\.\d s$/);
  });
});

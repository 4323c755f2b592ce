import { command, event, history, inRoom } from './made-up.js';
import { shrink } from './shrink.js';
import { streams } from './streams.js';

describe('the shortest history', () => {
  it('keeps the stream that shows the violation and nothing else', () => {
    const [good, bad] = [inRoom('desk:city'), inRoom('floor', 2)];
    const long = history(
      good.snapshot(0),
      bad.snapshot(0),
      ...command(1, 'register', {}, { result: {} }),
      good.frame(1, event('a')),
      bad.frame(2, event('b')),
      good.frame(2, event('c')),
    );
    const [violation] = streams(long);
    const shown = shrink(long, streams, violation!);
    expect(shown.map(({ kind }) => kind)).toEqual(['entered', 'frame']);
    expect(streams(shown)).toEqual([violation]);
  });
});

import type { HubEvent } from '@minqing-hub/client-sdk/protocol';
import { Agreement } from './agreement.js';
import { EPOCH, event } from './made-up.js';
import { streams } from './streams.js';

const ROOM = 'desk:city';
const [a, b, c] = [event('a'), event('b'), event('c')];
const frame = (from: number, ...events: HubEvent[]): string =>
  JSON.stringify({ room: ROOM, epoch: EPOCH, from, events });

/** Two readers from the same place; what is wrong with what each of them then gets. */
function wrongs(one: readonly string[], other: readonly string[] = []): string[] {
  const agreement = new Agreement();
  return [one, other].flatMap((frames, n) => {
    const reading = agreement.begin(`reader ${n}`, ROOM, EPOCH, 4, 0);
    return frames.flatMap((text) => agreement.follow(reading, agreement.read(text), 0)?.wrong ?? []);
  });
}

describe('what readers agree on', () => {
  it('is the same events at the same places, in whatever frames they come', () => {
    expect(wrongs([frame(5, a), frame(6, b, c)], [frame(5, a, b), frame(7, c)])).toEqual([]);
  });

  it('has no hole, nothing twice, and nothing that is one event here and another there', () => {
    expect(wrongs([frame(5, a), frame(7, c)])).toEqual(['lost']);
    expect(wrongs([frame(5, a), frame(5, a)])).toEqual(['applied twice']);
    expect(wrongs([frame(5, a), frame(6, a)])).toEqual(['applied twice']);
    expect(wrongs([frame(5, a)], [frame(5, b)])).toEqual(['reordered']);
    expect(wrongs([frame(5, a)], [frame(5, event('a', 'order.progressed', { version: 2 }))])).toEqual(['reordered']);
  });

  it('is told to the other checks as one more console, and so is what led to a violation', () => {
    const agreement = new Agreement();
    const reading = agreement.begin('reader', ROOM, EPOCH, 4, 0);
    for (const text of [frame(5, a, b), frame(8, c)]) agreement.follow(reading, agreement.read(text), 1);
    expect(agreement.deliveries).toBe(3);
    expect(agreement.headOf(ROOM, EPOCH)).toBe(8);
    const whole = [...agreement.asHistory('readers', () => 7, 2)];
    expect(whole.map((entry) => ('events' in entry ? entry.events.map(({ id }) => id) : entry.kind))).toEqual([
      'entered',
      ['a', 'b'],
    ]);
    expect(streams(agreement.tell(reading)).map(({ wrong }) => wrong)).toEqual(['lost']);
  });
});

import { event, history, inRoom, wrongsOf } from './made-up.js';
import { stores } from './stores.js';

const desk = inRoom('desk:city');
const KEY = 'order:1';
const changed = event('a', 'order.accepted', { card: { key: KEY, op: 'change', fields: { state: 'handling' } } });
const gone = event('b', 'order.refused', { card: { key: KEY, op: 'gone' } });
const before = { [KEY]: { orderNo: '1', state: 'registered' } };
const after = { [KEY]: { orderNo: '1', state: 'handling' } };
const wrongs = (...entries: Parameters<typeof history>) => wrongsOf(stores, history(...entries));

describe('the check of stores', () => {
  it('is content where pictures are what events make of earlier ones', () => {
    expect(
      wrongs(desk.snapshot(4, before), desk.frame(5, changed), desk.fresh(5, after), desk.store(5, after)),
    ).toEqual([]);
    expect(wrongs(desk.snapshot(4, before), desk.frame(5, gone), desk.fresh(5, {}))).toEqual([]);
  });

  it('finds a snapshot that is older than its offset, one that is newer, and a card that never went', () => {
    expect(wrongs(desk.snapshot(4, before), desk.frame(5, changed), desk.fresh(5, before))).toHaveLength(1);
    expect(wrongs(desk.snapshot(4, after), desk.fresh(4, before))).toHaveLength(1);
    expect(wrongs(desk.snapshot(4, before), desk.frame(5, gone), desk.fresh(5, before))).toHaveLength(1);
  });

  it('finds a store that stands still, and a value that does', () => {
    expect(wrongs(desk.fresh(5, after), desk.store(4, before))).toHaveLength(1);
    expect(wrongs(desk.fresh(5, after), desk.store(5, after, { waiting: 3 }))).toHaveLength(1);
  });

  it('finds a fresh console that is not let in', () => {
    const keptOut = { kind: 'kept out', console: 'fresh', room: 'desk:city' } as const;
    expect(wrongs(desk.snapshot(4, before), keptOut)).toEqual(['store not as a fresh console']);
  });

  it('says nothing of what nobody has seen: a hole in the tester’s own knowledge', () => {
    expect(wrongs(desk.snapshot(4, before), desk.fresh(6, after))).toEqual([]);
  });
});

import { holders } from './holders.js';
import { event, history, inRoom, wrongsOf } from './made-up.js';

const queue = inRoom('queue:register');
const floor = inRoom('floor', 2);
const item = (id: string, type: string, state: string, seatId: string | null, more: object = {}) =>
  event(id, `queue.item_${type}`, {
    card: { key: 'item:i', op: id === 'a' ? 'enter' : 'change', card: { state, seatId }, fields: { state, seatId } },
    ...more,
  });
const queued = item('a', 'queued', 'queued', null);
const wrongs = (...events: ReturnType<typeof item>[]) =>
  wrongsOf(holders, history(queue.snapshot(0), queue.frame(1, queued, ...events)));

describe('the check of who holds what', () => {
  it('is content with one after the other', () => {
    const offered = item('b', 'offered', 'offered', 'A1');
    expect(wrongs(offered, item('c', 'claimed', 'claimed', 'A1'), item('d', 'returned', 'queued', null))).toEqual([]);
    expect(wrongs(offered, item('c', 'expired', 'queued', null), item('d', 'offered', 'offered', 'A2'))).toEqual([]);
    const held = item('b', 'claimed', 'claimed', 'A1');
    expect(wrongs(held, item('c', 'claimed', 'claimed', 'A2', { how: 'handed_over' }))).toEqual([]);
  });

  it('finds an item offered to two, claimed by two, and claimed while it was another’s to take', () => {
    const offered = item('b', 'offered', 'offered', 'A1');
    const held = item('b', 'claimed', 'claimed', 'A1');
    expect(wrongs(offered, item('c', 'offered', 'offered', 'A2'))).toEqual(['held twice']);
    expect(wrongs(held, item('c', 'claimed', 'claimed', 'A2'))).toEqual(['held twice']);
    expect(wrongs(offered, item('c', 'claimed', 'claimed', 'A2'))).toEqual(['held twice']);
  });

  it('finds an item that stayed with a seat where nobody is', () => {
    const held = { 'item:i': { itemId: 'i', state: 'claimed', seatId: 'A1' } };
    const seat = (presence: string) => floor.fresh(1, { 'seat:A1': { seatId: 'A1', presence } });
    expect(wrongsOf(holders, history(seat('ready'), queue.fresh(1, held)))).toEqual([]);
    expect(wrongsOf(holders, history(seat('offline'), queue.fresh(1, held)))).toEqual(['lost']);
    // Looked at before: it may have been taken back since.
    expect(wrongsOf(holders, history(queue.fresh(1, held), seat('offline')))).toEqual([]);
  });
});

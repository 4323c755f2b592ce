import { describe, expect, it } from '@jest/globals';
import type { CardChange, CardKey, Frame, SeatCard } from '../protocol/index.js';
import { exampleSeat } from '../testing/example-cards.js';
import { RoomStore } from './room-store.js';

const seat = (seatId: string, presence: SeatCard['presence'] = 'ready') =>
  exampleSeat({ seatId, userId: `u-${seatId}`, presence });
const enter = (seatId: string): CardChange => ({ key: `seat:${seatId}`, op: 'enter', card: seat(seatId) });
const frame = (from: number, changes: (CardChange | undefined)[], epoch = 'e1'): Frame => ({
  room: 'floor',
  epoch,
  from,
  events: changes.map((card, i) => ({
    id: `ev${from + i}`,
    type: 'seat.presence_changed',
    at: 0,
    actor: 'a',
    data: card ? { card } : {},
  })),
});
const begun = (): RoomStore => {
  const store = new RoomStore();
  store.replace('e1', 0, []);
  return store;
};

describe('RoomStore', () => {
  it('lets cards come in, change and go, one offset per event', () => {
    const store = begun();
    expect(store.apply(frame(1, [enter('1'), enter('2')]))).toMatchObject({
      kind: 'applied',
      keys: ['seat:1', 'seat:2'],
    });
    const before = store.cards.get('seat:1');
    store.apply(
      frame(3, [
        { key: 'seat:1', op: 'change', fields: { presence: 'busy' } },
        { key: 'seat:2', op: 'gone' },
        undefined,
      ]),
    );
    expect([...store.cards]).toEqual([['seat:1', seat('1', 'busy')]]);
    expect(store.offset).toBe(5);
    expect(before).toEqual(seat('1'));
  });

  it('applies an event once: what it has is passed over, also the first half of a frame [I3]', () => {
    const store = begun();
    store.apply(frame(1, [enter('1'), enter('2')]));
    expect(store.apply(frame(1, [enter('1'), enter('2')]))).toEqual({ kind: 'known' });
    const outcome = store.apply(frame(2, [enter('2'), enter('3')]));
    expect(outcome).toMatchObject({ kind: 'applied', events: [{ id: 'ev3' }], keys: ['seat:3'] });
    expect(store.offset).toBe(3);
  });

  it('takes nothing out of order, of another log, or that does not fit', () => {
    const store = begun();
    store.apply(frame(1, [enter('1')]));
    const before = [...store.cards];
    expect(store.apply(frame(3, [enter('3')]))).toEqual({ kind: 'gap' });
    expect(store.apply(frame(2, [enter('3')], 'e2'))).toEqual({ kind: 'other_epoch' });
    expect(store.apply(frame(2, [enter('3'), { key: 'seat:9', op: 'change', fields: { presence: 'busy' } }]))).toEqual({
      kind: 'unfit',
    });
    expect(new RoomStore().apply(frame(1, [enter('1')]))).toEqual({ kind: 'gap' });
    expect([...store.cards]).toEqual(before);
    expect(store.offset).toBe(1);
  });

  it('is replaced as a whole, keeps the same map, and says which cards really changed', () => {
    const store = begun();
    const { cards } = store;
    store.apply(frame(1, [enter('1'), enter('2'), enter('3')]));
    const kept = cards.get('seat:1');
    const next: [CardKey, SeatCard][] = [
      ['seat:1', seat('1')],
      ['seat:2', seat('2', 'break')],
      ['seat:4', seat('4')],
    ];
    expect(store.replace('e2', 7, next).sort()).toEqual(['seat:2', 'seat:3', 'seat:4']);
    expect(store.cards).toBe(cards);
    expect(cards.get('seat:1')).toBe(kept);
    expect([...cards.keys()].sort()).toEqual(['seat:1', 'seat:2', 'seat:4']);
    expect([store.epoch, store.offset]).toEqual(['e2', 7]);
  });

  it('follows a card through one frame', () => {
    const store = begun();
    const outcome = store.apply(
      frame(1, [
        enter('1'),
        { key: 'seat:1', op: 'change', fields: { presence: 'busy' } },
        { key: 'seat:1', op: 'gone' },
        enter('1'),
      ]),
    );
    expect(outcome).toMatchObject({ kind: 'applied', keys: ['seat:1'] });
    expect([...store.cards]).toEqual([['seat:1', seat('1')]]);
  });

  it('forgets everything', () => {
    const store = begun();
    store.apply(frame(1, [enter('1')]));
    expect(store.clear()).toEqual(['seat:1']);
    expect([store.cards.size, store.epoch, store.offset]).toEqual([0, null, 0]);
  });
});

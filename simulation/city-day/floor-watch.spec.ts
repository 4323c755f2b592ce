import { exampleItem, exampleSeat, FakeHub } from '@minqing-hub/client-sdk/testing';
import type { QueueEventType, QueueItemCard } from '@minqing-hub/client-sdk/protocol';
import { FloorWatch } from './floor-watch.js';

const item = (more: Partial<QueueItemCard>) => exampleItem({ queueId: 'register', ...more });

describe('the watch over a simulated floor', () => {
  it('sees an item that goes to a second seat while the first has it', () => {
    const { watch, tell } = watching();
    tell('queue.item_offered', item({ state: 'offered', seatId: 'A1' }));
    tell('queue.item_claimed', item({ state: 'claimed', seatId: 'A1' }));
    tell('queue.item_returned', item({ atHead: true }));
    tell('queue.item_offered', item({ state: 'offered', seatId: 'A2' }));
    expect(watch.heldTwice).toEqual([]);
    tell('queue.item_claimed', item({ state: 'claimed', seatId: 'A3' }));
    expect(watch.heldTwice).toEqual(['i1 went to A3 while A2 had it']);
    expect(Object.fromEntries(watch.seen)).toEqual({
      'queue.item_offered': 2,
      'queue.item_claimed': 2,
      'queue.item_returned': 1,
    });
  });

  it('counts what one seat hands over to another, as long as it had it', () => {
    const { watch, tell } = watching();
    tell('queue.item_claimed', item({ state: 'claimed', seatId: 'A1' }));
    tell('queue.item_claimed', item({ state: 'claimed', seatId: 'A2' }), { how: 'handed_over', from: 'A1' });
    expect(watch).toMatchObject({ handedOver: 1, heldTwice: [] });
    tell('queue.item_claimed', item({ state: 'claimed', seatId: 'A3' }), { how: 'handed_over', from: 'A1' });
    expect(watch).toMatchObject({ handedOver: 1, heldTwice: ['i1 went to A3 while A2 had it'] });
  });

  it('sees a seat that is gone and has something', () => {
    const { watch, hub } = watching();
    const room = hub.room('seat:A1');
    watch.seat('A1', room);
    hub.put('seat:A1', 'seat:A1', exampleSeat({ seatId: 'A1' }));
    hub.put('seat:A1', 'item:i1', item({ state: 'claimed', seatId: 'A1' }));
    expect(watch.heldByGone).toEqual([]);
    hub.put('seat:A1', 'seat:A1', exampleSeat({ seatId: 'A1', presence: 'offline' }));
    expect(watch.heldByGone).toEqual(['i1 was at A1, which was offline']);
  });
});

function watching() {
  const hub = new FakeHub();
  const watch = new FloorWatch();
  watch.queue(hub.room('queue:register'));
  const tell = (type: QueueEventType, card: QueueItemCard, facts: object = {}): void =>
    hub.put('queue:register', `item:${card.itemId}`, card, { type, data: { itemId: card.itemId, ...facts } });
  return { hub, watch, tell };
}

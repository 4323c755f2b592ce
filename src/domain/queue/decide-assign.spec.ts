import { idleSeat, waitingItem } from '../../../test/support/queue-items.js';
import { decideAssign, decideTakeBack } from './decide-assign.js';
import type { QueueItem } from './queue-item.js';
import type { Seat } from './seat.js';

const assign = (item: Partial<QueueItem>, seat: Partial<Seat> = {}) => {
  const decision = decideAssign(waitingItem(item), idleSeat(seat));
  return decision.ok ? decision.value : decision.error.code;
};
const takeBack = (item: Partial<QueueItem>) => {
  const decision = decideTakeBack(waitingItem(item));
  return decision.ok ? decision.value : decision.error.code;
};

describe('what a shift leader does with work', () => {
  it('[RT9] gives open work to a seat that serves its queue and is there, however busy it is', () => {
    expect(assign({})).toBe('assign');
    expect(assign({ needs: [{ skill: 'a', level: 5 }] }, { held: 9, presence: 'busy' })).toBe('assign');
    expect(assign({ state: 'offered', seatId: 'S1' })).toBe('assign');
    expect(assign({ state: 'offered', seatId: 'S2' })).toBe('assign');
    expect(assign({ state: 'claimed', seatId: 'S2' }, { presence: 'break' })).toBe('assign');
    expect(assign({ state: 'claimed', seatId: 'S1' })).toBe('already_held');
  });

  it('[RT9] gives nothing to a seat that is offline or serves other queues, and nothing that is done', () => {
    expect(assign({}, { presence: 'offline' })).toBe('seat_not_ready');
    expect(assign({}, { queues: ['register'] })).toBe('skill_missing');
    expect(assign({ state: 'done' })).toBe('item_not_found');
  });

  it('[RT10] takes back what a seat has or is offered, and nothing else', () => {
    expect(takeBack({ state: 'offered', seatId: 'S1' })).toBe('take_back');
    expect(takeBack({ state: 'claimed', seatId: 'S1' })).toBe('take_back');
    expect(takeBack({})).toBe('not_offered_to_seat');
    expect(takeBack({ state: 'done', seatId: 'S1' })).toBe('item_not_found');
  });
});

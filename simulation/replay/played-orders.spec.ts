import { describe, expect, it } from '@jest/globals';
import { PlayedOrders } from './played-orders.js';
import type { RecordedRow } from './recorded-rows.js';

const row = (index: number): RecordedRow => ({
  index,
  line: index + 2,
  at: 0,
  unitId: 'U1',
  areas: [],
  cells: {},
  request: { source: 's', sourceId: `s${index}`, channel: 'phone', title: 't', text: 't' },
});

describe('PlayedOrders', () => {
  it('counts what was acknowledged, and of it what was known before', () => {
    const orders = new PlayedOrders([row(0), row(1)]);
    orders.acknowledge('o0', row(0), false);
    orders.acknowledge('o1', row(1), true);
    expect([orders.received, orders.duplicates, orders.new, orders.inWork]).toEqual([2, 1, 1, 1]);
  });

  it('takes it as it comes when consoles hear of an order before its registration is answered', () => {
    const orders = new PlayedOrders([row(0)]);
    expect(orders.row('o0', 's0')?.index).toBe(0);
    orders.decide('o0', { unitId: 'U2', dutiesVersion: 3 });
    orders.finish('o0');
    orders.acknowledge('o0', row(0), false);
    expect([orders.waitingForDecision, orders.inWork]).toEqual([0, 0]);
    expect([...orders.dispatchedByHub()]).toEqual([{ row: row(0), auto: { unitId: 'U2', dutiesVersion: 3 } }]);
  });

  it('remembers the first decision, and only of new orders', () => {
    const orders = new PlayedOrders([row(0), row(1)]);
    orders.acknowledge('o0', row(0), false);
    orders.acknowledge('o1', row(1), true);
    orders.decide('o0', null);
    orders.decide('o0', { unitId: 'U2', dutiesVersion: 3 });
    orders.decide('o1', { unitId: 'U2', dutiesVersion: 3 });
    expect([...orders.dispatchedByHub()]).toEqual([]);
  });
});

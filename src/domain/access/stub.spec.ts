import { agent, Case } from '../../../test/support/rule-book.js';
import { orderCard } from './order-audience.js';
import { stubOf } from './stub.js';

describe('what shared rooms see of a confidential order', () => {
  it('[DG4] [T3] is that there is one, how urgent, until when, and whose word it waits for', () => {
    const proposed = Case.registered({ visibility: 'confidential', kind: 'complaint', catalogCode: '01' }).does(agent, {
      name: 'refuse',
      reasonCode: 'out_of_scope',
      alternativeChannel: '12348',
    });
    expect(stubOf('order:GD1', orderCard(proposed.stands, proposed.deadlines))).toEqual({
      orderNo: 'GD1',
      version: 2,
      state: 'registered',
      visibility: 'confidential',
      grade: 'normal',
      dispatchDueAt: null,
      awaits: 'refusal',
      clocks: [expect.objectContaining({ clock: 'ACCEPT', unitId: null })],
    });
  });
});

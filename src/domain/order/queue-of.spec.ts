import { agent, Case, clerk, dispatcher, POLICY, shiftLeader, system } from '../../../test/support/rule-book.js';
import { isOpen } from '../clock/deadline.js';
import { queueDue, queuedSince, queueOf } from './queue-of.js';

const CENTRE: readonly string[] = ['ACCEPT', 'DISPATCH', 'ARBITRATION'];

describe('the queue that an order stands in', () => {
  it('is the one whose seats must do the next thing', () => {
    expect(queueOf(Case.registered().stands)).toBe('register');
    expect(queueOf(Case.objected().stands)).toBe('arbitration');
    expect(queueOf(Case.handled().stands)).toBeNull();
  });

  it('[DI1] is the dispatchers’ only once the hub has tried by itself', () => {
    const accepted = Case.accepted();
    expect(queueOf(accepted.stands)).toBeNull();
    accepted.does(system, { name: 'deferDispatch', cause: 'no_duty_rule', suggestion: null });
    expect(queueOf(accepted.stands)).toBe('dispatch');
    expect(accepted.stands.version).toBe(2);
  });

  it('[T3] lets the agent go while a refusal waits for the shift leader', () => {
    const refuse = { name: 'refuse', reasonCode: 'out_of_scope', alternativeChannel: '12348' } as const;
    const proposed = Case.registered().does(agent, refuse);
    expect(queueOf(proposed.stands)).toBeNull();
    expect(queueOf(proposed.does(shiftLeader, { name: 'confirmRefusal' }).stands)).toBeNull();
  });

  it('[T3] has the order again when the shift leader says no', () => {
    const refuse = { name: 'refuse', reasonCode: 'out_of_scope', alternativeChannel: '12348' } as const;
    const declined = Case.registered()
      .does(agent, refuse)
      .does(shiftLeader, { name: 'declineProposal', reason: '属于受理范围' });
    expect(queueOf(declined.stands)).toBe('register');
    expect(queuedSince(declined.stands, declined.now + 60_000)).toBe(declined.stands.registeredAt);
  });

  it('[T33] is the dispatchers’ while a unit wants to pass the order up', () => {
    const proposed = Case.handled('north').does(clerk('north'), {
      name: 'escalateLevel',
      toUnitId: 'street',
      reason: '理由',
    });
    expect(queueOf(proposed.stands)).toBe('dispatch');
    expect(queueDue(proposed.stands, POLICY, proposed.deadlines)).toEqual({
      ...{ dueAt: proposed.stands.proposal!.at + 7_200_000, amberAt: null, overdueAt: null },
    });
    expect(queueOf(proposed.does(dispatcher, { name: 'confirmEscalation' }).stands)).toBeNull();
    const again = Case.handled('north').does(clerk('north'), {
      name: 'escalateLevel',
      toUnitId: 'street',
      reason: '理由',
    });
    expect(queueOf(again.does(dispatcher, { name: 'declineProposal', reason: '可以自行办理' }).stands)).toBeNull();
  });

  it('[C0] [C1] [C9] is due there when its clock is, turns amber when that warns, and red when that is told late [CK10] [CK11]', () => {
    const critical = Case.registered({ responseLevel: 'critical' });
    for (const told of [Case.registered(), Case.accepted(), Case.objected(), critical]) {
      const running = told.deadlines.filter(isOpen).find(({ clock }) => CENTRE.includes(clock))!;
      const { amberAt, dueAt, leniencyMs } = running;
      const due = queueDue(told.stands, POLICY, told.deadlines);
      expect(due).toEqual({ dueAt, amberAt, overdueAt: dueAt + leniencyMs });
      expect(due.overdueAt! - due.dueAt!).toBe(told === critical ? 60_000 : 0);
    }
  });
});

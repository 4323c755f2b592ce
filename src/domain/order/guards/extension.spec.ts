import {
  type Call,
  Case,
  CITY,
  clerk,
  deputy,
  dispatcher,
  handler,
  objection,
  person,
  POLICY,
  system,
} from '../../../../test/support/rule-book.js';
import { orderRooms } from '../../access/order-audience.js';
import { endOf } from '../../calendar/day.js';
import type { OrderCommand } from '../order-command.js';
import { queueDue, queueOf } from '../queue-of.js';
import { openClock } from '../../clock/deadline.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Dispatched on Monday 2 March 2026, simple: due on Thursday, 24:00. */
const THURSDAY = endOf('2026-03-05');
const more = (extra: number): Call => ({ name: 'requestExtension', extra, reason: '需协调施工单位' });
const approve: Call = { name: 'approveExtension' };
const decline: Call = { name: 'declineProposal', reason: '理由不足' };
const takeBack: Call = { name: 'cancelRequest' };
const promise = (day: string): Call => ({ name: 'promiseDue', dueAt: endOf(day) });
const handling = (told: Case) => openClock(told, 'HANDLING')!;

const asked = (extra = 2) => Case.handled('north').does(handler('north'), more(extra));
const endorsed = (extra = 2) => asked(extra).does(deputy('north'), approve);

const urgent = (facts: Partial<OrderCommand<'register'>> = {}) =>
  Case.accepted({ route: 'emergency', ...facts })
    .does(dispatcher, { name: 'dispatch', unitId: 'north', suggestion: null })
    .does(clerk('north'), { name: 'acknowledge' });

describe('more time', () => {
  it('[T17] takes the word of three: who asks, the deputy leader, a dispatcher; then the due moves', () => {
    const told = asked();
    expect(handling(told).dueAt).toBe(THURSDAY);
    expect(told.stands.proposal).toMatchObject({ awaits: 'extension', unitId: 'north', extra: 2, endorsedBy: null });
    told.does(deputy('north'), approve);
    expect(told.last).toMatchObject({ type: 'order.extension_endorsed', facts: {} });
    expect(handling(told).dueAt).toBe(THURSDAY);
    told.does(dispatcher, approve);
    expect(told.last).toMatchObject({
      type: 'order.extended',
      facts: {
        unitId: 'north',
        extra: 2,
        requestedBy: handler('north').userId,
        endorsedBy: deputy('north').userId,
      },
    });
    expect(told.stands).toMatchObject({ state: 'handling', proposal: null, extensions: [{ extra: 2 }] });
    // Friday and, over the weekend, Monday.
    expect(handling(told)).toMatchObject({ dueAt: endOf('2026-03-09'), extra: 2, basis: 'workday' });
  });

  it('[T17] is for the people of the lead unit, and for a dispatcher', () => {
    expect(Case.handled('north').refuses(deputy('north'), more(1)).code).toBe('forbidden');
    expect(Case.handled('north').refuses(clerk('water'), more(1)).code).toBe('order_not_found');
    expect(asked().refuses(deputy('water'), approve).code).toBe('order_not_found');
    expect(asked().refuses(clerk('north'), approve).code).toBe('forbidden');
    expect(Case.dispatched('north').refuses(clerk('north'), more(1)).code).toBe('transition_not_allowed');
  });

  it('[EX5] is the deputy leader’s word first, and nobody’s twice', () => {
    expect(asked().refuses(dispatcher, approve)).toMatchObject({ code: 'nothing_to_confirm', clause: 'T17' });
    expect(asked().refuses(dispatcher, decline).code).toBe('nothing_to_confirm');
    expect(endorsed().refuses(deputy('north'), approve).code).toBe('nothing_to_confirm');
    expect(endorsed().refuses(deputy('north'), decline).code).toBe('nothing_to_confirm');

    const everything = { ...deputy('north'), roles: ['handler', 'deputy_leader', 'dispatcher'] as const };
    const many = { ...everything, roles: [...everything.roles] };
    const own = Case.handled('north').does(many, more(1));
    expect(own.refuses(many, approve)).toMatchObject({ code: 'second_person_required', clause: 'T17' });
    const both = asked().does(many, approve);
    expect(both.last.type).toBe('order.extension_endorsed');
    expect(both.refuses(many, approve)).toMatchObject({ code: 'second_person_required', clause: 'T17' });
    expect(both.refuses(many, decline).code).toBe('second_person_required');
    expect(both.does(dispatcher, approve).last.type).toBe('order.extended');
  });

  it('[T17] is refused with a reason, by either of them, and may be asked for again', () => {
    for (const declined of [asked().does(deputy('north'), decline), endorsed().does(dispatcher, decline)]) {
      expect(declined.last).toMatchObject({ type: 'order.proposal_declined', facts: { what: 'extension' } });
      expect(declined.stands).toMatchObject({ state: 'handling', proposal: null });
      expect(handling(declined).dueAt).toBe(THURSDAY);
      expect(declined.asks(clerk('north'), more(1)).ok).toBe(true);
    }
  });

  it('[EX1] is given once, and no more than the limit was, in its own basis', () => {
    expect(Case.handled('north').refuses(clerk('north'), more(4))).toMatchObject({
      code: 'extension_too_long',
      clause: 'EX1',
      field: 'extra',
      message: '最多可延期 3 个工作日',
    });
    expect(Case.handled('north').asks(clerk('north'), more(3)).ok).toBe(true);
    const spent = endorsed().does(dispatcher, approve);
    expect(spent.refuses(clerk('north'), more(1))).toMatchObject({ code: 'extension_spent', clause: 'EX1' });

    // A city may be more generous, but not without end: nobody knows the calendar then.
    const endless = { policy: { ...POLICY, extension: { ...POLICY.extension, maxShare: 1_000 } } };
    expect(Case.handled('north').asks(clerk('north'), more(997), endless).ok).toBe(true);
    expect(Case.handled('north').refuses(clerk('north'), more(998), endless).code).toBe('extension_too_long');

    const twice = { policy: { ...POLICY, extension: { ...POLICY.extension, maxCount: 2 } } };
    expect(spent.refuses(clerk('north'), more(2), twice).code).toBe('extension_too_long');
    expect(spent.asks(clerk('north'), more(1), twice).ok).toBe(true);
  });

  it('[EX1] counts hours for a limit by the clock', () => {
    expect(urgent().refuses(clerk('north'), more(25)).message).toBe('最多可延期 24 小时');
    const told = urgent();
    const { dueAt } = handling(told);
    told.does(clerk('north'), more(6)).does(deputy('north'), approve).does(dispatcher, approve);
    expect(handling(told).dueAt).toBe(dueAt + 6 * HOUR_MS);
  });

  it('[T17] is asked for, agreed to and approved before it is due, to the millisecond', () => {
    const at = (now: number) => ({ now });
    const open = Case.handled('north');
    expect(open.asks(clerk('north'), more(1), at(THURSDAY - 1)).ok).toBe(true);
    expect(open.refuses(clerk('north'), more(1), at(THURSDAY))).toMatchObject({ code: 'clock_expired', clause: 'T17' });
    expect(asked().asks(deputy('north'), approve, at(THURSDAY - 1)).ok).toBe(true);
    expect(asked().refuses(deputy('north'), approve, at(THURSDAY)).code).toBe('clock_expired');
    expect(endorsed().asks(dispatcher, approve, at(THURSDAY - 1)).ok).toBe(true);
    expect(endorsed().refuses(dispatcher, approve, at(THURSDAY)).code).toBe('clock_expired');
  });

  it('[EX3] lapses when the time has run out, and not before', () => {
    const lapse: Call = { name: 'lapseRequest' };
    for (const told of [asked(), endorsed()]) {
      expect(told.refuses(system, lapse)).toMatchObject({ code: 'transition_not_allowed', clause: 'EX3' });
      expect(told.refuses(clerk('north'), lapse).code).toBe('forbidden');
      told.waits(4 * DAY_MS).does(system, lapse);
      expect(told.last).toMatchObject({ type: 'order.proposal_declined', facts: { what: 'extension' } });
      expect(told.stands.proposal).toBeNull();
      expect(handling(told)).toMatchObject({ dueAt: THURSDAY, signal: 'overdue' });
      expect(told.refuses(system, lapse)).toMatchObject({ code: 'nothing_to_confirm', clause: 'EX3' });
    }
  });

  it('[EX3] lapses alone: what else was proposed is not a matter of time', () => {
    const up = Case.handled('north').does(clerk('north'), {
      name: 'escalateLevel',
      toUnitId: 'street',
      reason: '理由',
    });
    expect(up.waits(4 * DAY_MS).refuses(system, { name: 'lapseRequest' }).code).toBe('nothing_to_confirm');
  });

  it('[EX6] is taken back by the unit until it is decided, and asked for again', () => {
    for (const told of [asked(), endorsed()]) {
      const dueAt = handling(told).dueAt;
      told.does(clerk('north'), takeBack);
      expect(told.last).toMatchObject({
        type: 'order.request_cancelled',
        facts: { what: 'extension', requestedBy: handler('north').userId },
      });
      expect(told.stands).toMatchObject({ state: 'handling', proposal: null });
      expect([queueOf(told.stands), handling(told).dueAt]).toEqual([null, dueAt]);
      for (const [actor, said] of [
        [handler('north'), takeBack],
        [deputy('north'), approve],
        [dispatcher, approve],
      ] as const) {
        expect(told.refuses(actor, said).code).toBe('nothing_to_confirm');
      }
      told.does(handler('north'), more(3)).does(deputy('north'), approve).does(dispatcher, approve);
      expect(told.last.type).toBe('order.extended');
      expect(told.refuses(handler('north'), takeBack)).toMatchObject({ code: 'nothing_to_confirm', clause: 'EX6' });
    }
  });

  it('[EX6] is for who may ask, also when a dispatcher has it in hand, or it is late already', () => {
    for (const actor of [deputy('north'), dispatcher, system]) {
      expect(endorsed().refuses(actor, takeBack).code).toBe('forbidden');
    }
    expect(endorsed().refuses(clerk('water'), takeBack).code).toBe('order_not_found');
    expect(endorsed().asks(handler('north'), takeBack, { holderSeatId: 'dispatcher-002' }).ok).toBe(true);
    expect(endorsed().asks(handler('north'), takeBack, { now: THURSDAY }).ok).toBe(true);
    const up: Call = { name: 'escalateLevel', toUnitId: 'street', reason: '理由' };
    const proposed = Case.handled('north').does(clerk('north'), up);
    expect(proposed.refuses(clerk('north'), takeBack)).toMatchObject({ code: 'nothing_to_confirm', clause: 'EX6' });
  });

  it('[EX5] stands in the dispatchers’ queue from the deputy leader’s word to the desk’s', () => {
    const told = asked();
    const onDesk = () => 'desk:city' in orderRooms(told.stands, told.deadlines, CITY);
    expect([queueOf(told.stands), onDesk()]).toEqual([null, false]);
    told.does(deputy('north'), approve);
    expect([queueOf(told.stands), onDesk()]).toEqual(['dispatch', true]);
    expect(queueDue(told.stands, POLICY, told.deadlines).dueAt).toBe(told.now + POLICY.extension.deskMs);
    expect(queueDue(told.stands, POLICY, [{ ...handling(told), dueAt: told.now + HOUR_MS }]).dueAt).toBe(
      told.now + HOUR_MS,
    );
    expect(told.refuses(dispatcher, approve, { holderSeatId: 'dispatcher-002' }).code).toBe('item_held_by_other');
    expect(told.refuses(dispatcher, decline, { holderSeatId: 'dispatcher-002' }).code).toBe('item_held_by_other');
    expect(queueOf(told.does(dispatcher, approve).stands)).toBeNull();
    expect(onDesk()).toBe(false);
  });

  it('[T17] [T33] is one proposal at a time', () => {
    expect(asked().refuses(clerk('north'), more(1))).toMatchObject({ code: 'confirmation_pending', clause: 'T17' });
    const up: Call = { name: 'escalateLevel', toUnitId: 'street', reason: '理由' };
    expect(asked().refuses(clerk('north'), up).code).toBe('confirmation_pending');
  });

  it('[EX7] is decided or taken back before the order is handed down, whoever has agreed by then', () => {
    const down: Call = { name: 'redispatchDown', unitId: 'housing-repairs' };
    const asks = () => Case.handled('housing').does(clerk('housing'), more(1));
    for (const told of [asks(), asks().does(deputy('housing'), approve)]) {
      expect(told.refuses(clerk('housing'), down)).toMatchObject({ code: 'confirmation_pending', clause: 'EX7' });
      expect(told.does(clerk('housing'), takeBack).asks(clerk('housing'), down).ok).toBe(true);
    }
    const given = asks().does(deputy('housing'), approve).does(dispatcher, approve);
    expect(given.does(clerk('housing'), down).stands.extensions).toHaveLength(1);
  });

  it('[EX7] [T9] [T33] alone: an objection, or a wish for the level above, ends when the unit hands it down', () => {
    const up: Call = { name: 'escalateLevel', toUnitId: 'city', reason: '理由' };
    for (const call of [up, objection('water')]) {
      const told = Case.dispatched('housing').does(clerk('housing'), call);
      expect(told.stands.proposal).not.toBeNull();
      told.does(clerk('housing'), { name: 'redispatchDown', unitId: 'housing-repairs' });
      expect([told.stands.proposal, queueOf(told.stands)]).toEqual([null, null]);
    }
  });

  it('[EX8] is asked for in the basis of the limit as it is then, and is nothing to agree to in another', () => {
    const hours = (told: Case) =>
      told.deadlines.map((one) => ({ ...one, basis: 'wall' as const, limit: 72 * HOUR_MS }));
    const inDays = asked();
    expect(inDays.stands.proposal).toMatchObject({ extra: 2, basis: 'workday' });
    const refusal = {
      code: 'transition_not_allowed',
      clause: 'EX8',
      message: '申请的是延期 2 个工作日，办理时限现在按小时计算；请单位撤回后重新申请',
    };
    expect(inDays.refuses(deputy('north'), approve, { deadlines: hours(inDays) })).toMatchObject(refusal);
    const agreed = endorsed();
    const otherwise = { deadlines: hours(agreed) };
    expect(agreed.refuses(dispatcher, approve, otherwise)).toMatchObject(refusal);
    expect(agreed.asks(dispatcher, decline, otherwise).ok).toBe(true);
    expect(agreed.asks(handler('north'), takeBack, otherwise).ok).toBe(true);
    expect(agreed.asks(dispatcher, approve).ok).toBe(true);
  });

  it('[EX8] counts in the basis of the limit what was asked for before its basis was kept', () => {
    const told = asked();
    const { basis: _unknown, ...before } = told.stands.proposal as { basis?: string };
    told.order = { ...told.stands, proposal: before as never };
    expect(told.asks(deputy('north'), approve).ok).toBe(true);
  });
});

describe('a promise', () => {
  it('[EX4] is an earlier day, to its 24:00, and counts from then on', () => {
    const told = Case.handled('north').does(clerk('north'), promise('2026-03-04'));
    expect(told.last).toMatchObject({ type: 'order.due_promised', facts: { unitId: 'north' } });
    expect(handling(told)).toMatchObject({ dueAt: endOf('2026-03-04'), promisedDueAt: endOf('2026-03-04') });
    expect(told.refuses(clerk('north'), promise('2026-03-04')).code).toBe('not_earlier');
    expect(handling(told.does(handler('north'), promise('2026-03-02'))).dueAt).toBe(endOf('2026-03-02'));
  });

  it('[EX4] is neither the day that counts already nor one that is over', () => {
    const told = Case.handled('north');
    expect(told.refuses(clerk('north'), promise('2026-03-05'))).toMatchObject({
      code: 'not_earlier',
      clause: 'EX4',
      field: 'dueOn',
    });
    expect(told.refuses(clerk('north'), promise('2026-03-01')).code).toBe('clock_expired');
    expect(told.asks(clerk('north'), promise('2026-03-02')).ok).toBe(true);
    expect(told.refuses(clerk('north'), promise('2026-03-06'), { now: THURSDAY }).code).toBe('clock_expired');
    expect(told.refuses(person('unit_clerk', 'water'), promise('2026-03-04')).code).toBe('order_not_found');
  });

  it('[EX4] [T17] binds until an extension sets another due', () => {
    const told = Case.handled('north')
      .does(clerk('north'), promise('2026-03-03'))
      .does(handler('north'), more(1))
      .does(deputy('north'), approve)
      .does(dispatcher, approve);
    expect(told.stands.promisedDueAt).toBeNull();
    expect(handling(told).dueAt).toBe(endOf('2026-03-06'));
  });
});

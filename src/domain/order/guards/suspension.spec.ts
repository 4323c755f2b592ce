import type { StubOrderCard } from '../../../../client-sdk/src/protocol/index.js';
import {
  arbiter,
  CITY,
  type Call,
  Case,
  clerk,
  deputy,
  dispatcher,
  handler,
  POLICY,
  system,
} from '../../../../test/support/rule-book.js';
import { orderCard, orderRooms } from '../../access/order-audience.js';
import { stubOf } from '../../access/stub.js';
import { endOf } from '../../calendar/day.js';
import { queueDue, queueOf } from '../queue-of.js';
import { openClock } from '../../clock/deadline.js';

const DAY_MS = 24 * 3_600_000;
const until = (day: string, reasonCode = 'third_party'): Call => ({
  name: 'requestSuspension',
  reasonCode,
  until: endOf(day),
  reason: '待产权单位施工',
});
const approve: Call = { name: 'approveSuspension' };
const resume: Call = { name: 'resume' };
const call = (at: number, outcome: 'reached' | 'no_answer' = 'reached'): Call => ({
  name: 'recordContact',
  channel: 'phone',
  at,
  outcome,
  summary: '摘要',
});

/** Dispatched on Monday 2 March 2026, due on Thursday. */
function contacted(): Case {
  const told = Case.dispatched('north');
  return told.does(handler('north'), call(told.now));
}
const asked = (day = '2026-03-20') => contacted().does(handler('north'), until(day));
const endorsed = (day?: string) => asked(day).does(deputy('north'), approve);
const suspended = (day?: string) => endorsed(day).does(dispatcher, approve);
const handling = (told: Case) => openClock(told, 'HANDLING')!;

describe('putting an order aside', () => {
  it('[T18] takes the word of three; then the handling limit stands still, and who supervises sees it', () => {
    const told = endorsed();
    expect(told.stands.state).toBe('handling');
    expect(Object.keys(orderRooms(told.stands, told.deadlines, CITY))).not.toContain('supervision:city');
    told.does(dispatcher, approve);
    expect(told.last).toMatchObject({
      type: 'order.suspended',
      facts: { reasonCode: 'third_party', until: endOf('2026-03-20'), endorsedBy: deputy('north').userId },
    });
    expect(told.stands).toMatchObject({ state: 'suspended', proposal: null, suspensions: [{ resumedAt: null }] });
    expect(handling(told)).toMatchObject({ state: 'paused', pausedFor: 'suspended' });
    expect(orderRooms(told.stands, told.deadlines, CITY)['supervision:city']).toBe('full');
    told.does(clerk('north'), resume);
    expect(orderRooms(told.stands, told.deadlines, CITY)['supervision:city']).toBeUndefined();
  });

  it('[T18] [DG4] is told with its reason by the clock that stands still, and afterwards; not where the order is a stub', () => {
    const told = suspended();
    const shown = () => {
      const card = orderCard(told.stands, told.deadlines);
      const stub = stubOf('order:GD1', card) as StubOrderCard;
      return [card, stub].map(({ clocks }) => clocks.find(({ clock }) => clock === 'HANDLING')!.pausedBecause);
    };
    expect(shown()).toEqual([['third_party'], undefined]);
    told.does(clerk('north'), resume);
    expect(shown()).toEqual([['third_party'], undefined]);
  });

  it('[T18] comes after the first contact, or after the requester was found unreachable', () => {
    const silent = Case.handled('north');
    expect(silent.refuses(clerk('north'), until('2026-03-20'))).toMatchObject({
      code: 'contact_missing',
      clause: 'T18',
    });
    silent.does(clerk('north'), call(silent.now, 'no_answer'));
    expect(silent.refuses(clerk('north'), until('2026-03-20')).code).toBe('contact_missing');

    const rule = { ...POLICY.unreachable, attempts: 1, bands: 1, message: false };
    const gone = new Case({ policy: { ...POLICY, unreachable: rule } });
    Object.assign(gone, { order: silent.order, deadlines: silent.deadlines, now: silent.now });
    gone.does(clerk('north'), call(gone.now, 'no_answer'));
    expect(gone.stands.unreachableAt).toBeDefined();
    expect(gone.asks(clerk('north'), until('2026-03-20')).ok).toBe(true);
  });

  it('[T18] comes after the contact of the unit that has it, not of one before it', () => {
    const told = contacted()
      .does(clerk('north'), { name: 'escalateLevel', toUnitId: 'street', reason: '超出能力' })
      .does(dispatcher, { name: 'confirmEscalation' });
    expect(told.stands.contactedAt).not.toBeNull();
    expect(told.refuses(clerk('street'), until('2026-03-20')).code).toBe('contact_missing');
    told.does(clerk('street'), call(told.now));
    expect(told.asks(clerk('street'), until('2026-03-20')).ok).toBe(true);
  });

  it('[T18] comes before the handling is due, at each of its steps', () => {
    const due = { now: endOf('2026-03-05') };
    expect(contacted().refuses(clerk('north'), until('2026-03-20'), due)).toMatchObject({
      code: 'clock_expired',
      clause: 'T18',
    });
    expect(asked().refuses(deputy('north'), approve, due).code).toBe('clock_expired');
    expect(endorsed().refuses(dispatcher, approve, due).code).toBe('clock_expired');
  });

  it('[EX2] is for no longer than 365 days, and for no day that is over', () => {
    const told = contacted();
    expect(told.asks(clerk('north'), until('2027-03-02')).ok).toBe(true);
    expect(told.refuses(clerk('north'), until('2027-03-03'))).toMatchObject({
      code: 'suspension_too_long',
      clause: 'EX2',
      field: 'until',
    });
    expect(told.refuses(clerk('north'), until('2026-03-01')).code).toBe('clock_expired');
    expect(told.asks(clerk('north'), until('2026-03-02')).ok).toBe(true);
    // Asked for today, and nobody agreed today.
    const late = { now: endOf('2026-03-02') };
    expect(asked('2026-03-02').refuses(deputy('north'), approve, late)).toMatchObject({
      code: 'clock_expired',
      clause: 'EX2',
    });
    expect(endorsed('2026-03-02').refuses(dispatcher, approve, late).clause).toBe('EX2');
  });

  it('[EX2] happens once per order', () => {
    const told = suspended().does(clerk('north'), resume);
    expect(told.refuses(clerk('north'), until('2026-03-20'))).toMatchObject({
      code: 'suspension_spent',
      clause: 'EX2',
    });
  });

  it('[EX3] [T18] lapses with the handling limit, and is refused as an extension is', () => {
    const told = endorsed()
      .waits(4 * DAY_MS)
      .does(system, { name: 'lapseRequest' });
    expect(told.last).toMatchObject({ type: 'order.proposal_declined', facts: { what: 'suspension' } });
    const declined = endorsed().does(dispatcher, { name: 'declineProposal', reason: '不符合条件' });
    expect(declined.stands).toMatchObject({ state: 'handling', proposal: null });
    expect(asked().does(deputy('north'), { name: 'declineProposal', reason: '再想办法' }).last).toMatchObject({
      facts: { what: 'suspension' },
    });
  });

  it('[EX6] is taken back by the unit until it is decided, and has not been put aside then', () => {
    for (const told of [asked(), endorsed()]) {
      told.does(clerk('north'), { name: 'cancelRequest' });
      expect(told.last).toMatchObject({ type: 'order.request_cancelled', facts: { what: 'suspension' } });
      expect(told.stands.suspensions ?? []).toEqual([]);
      expect([queueOf(told.stands), handling(told).state]).toEqual([null, 'running']);
      told.does(handler('north'), until('2026-03-18')).does(deputy('north'), approve).does(dispatcher, approve);
      expect(told.stands.state).toBe('suspended');
      expect(told.refuses(clerk('north'), { name: 'cancelRequest' }).code).toBe('transition_not_allowed');
    }
  });

  it('[EX5] waits in the dispatchers’ queue, with a time of its own', () => {
    const told = endorsed();
    expect(queueOf(told.stands)).toBe('dispatch');
    expect(queueDue(told.stands, POLICY, told.deadlines).dueAt).toBe(told.now + POLICY.suspension.deskMs);
    expect(queueOf(told.does(dispatcher, approve).stands)).toBeNull();
  });
});

describe('what was put aside', () => {
  it('[T19] goes on by the unit’s word, or by the clock at 24:00 of the last day and not before', () => {
    for (const actor of [clerk('north'), handler('north')]) {
      const told = suspended().does(actor, resume);
      expect(told.last).toMatchObject({ type: 'order.resumed', facts: { byClock: false } });
      expect(told.stands.state).toBe('handling');
    }
    const end = endOf('2026-03-20');
    const told = suspended();
    expect(told.refuses(system, resume, { now: end - 1 })).toMatchObject({
      code: 'transition_not_allowed',
      clause: 'T19',
    });
    expect(told.asks(system, resume, { now: end })).toMatchObject({ ok: true, value: { facts: { byClock: true } } });
    expect(told.refuses(dispatcher, resume).code).toBe('forbidden');
    expect(told.refuses(arbiter, resume).code).toBe('forbidden');
  });

  it('[T19] [C5] has as many workdays left as it had, over a weekend', () => {
    const told = suspended('2026-03-07');
    expect(handling(told).left).toBe(3);
    told.now = endOf('2026-03-07');
    told.does(system, resume);
    // Sunday: Monday, Tuesday, Wednesday.
    expect(handling(told)).toMatchObject({ state: 'running', dueAt: endOf('2026-03-11') });
  });

  it('[T19] [C5] has the workday after its last day for its first', () => {
    const told = suspended('2026-03-10');
    told.now = endOf('2026-03-10') - 60_000;
    told.does(system, resume);
    expect(told.last.at).toBe(endOf('2026-03-10'));
    // Three were left: Wednesday, Thursday, Friday.
    expect(handling(told).dueAt).toBe(endOf('2026-03-13'));
  });

  it('[T19] [C5] loses nothing of its time to a hub that was off when it should have gone on', () => {
    for (const actor of [system, clerk('north')]) {
      const told = suspended('2026-03-10')
        .waits(20 * DAY_MS)
        .does(actor, resume);
      expect(told.last).toMatchObject({ type: 'order.resumed', at: endOf('2026-03-10') });
      expect(handling(told)).toMatchObject({ state: 'running', dueAt: endOf('2026-03-13') });
    }
  });

  it('[T18] [T14] [T33] may be spoken about and moved up meanwhile; the new unit’s contact clock runs', () => {
    const told = suspended();
    told
      .does(handler('north'), call(told.now))
      .does(clerk('north'), { name: 'escalateLevel', toUnitId: 'street', reason: '超出能力' })
      .does(dispatcher, { name: 'confirmEscalation' });
    expect(told.stands.state).toBe('suspended');
    expect(openClock(told, 'CONTACT_UNIT')).toMatchObject({ state: 'running', unitId: 'street' });
    expect(handling(told).state).toBe('paused');
    expect(told.refuses(clerk('street'), { name: 'addProgress', text: '进展' }).code).toBe('transition_not_allowed');
  });
});

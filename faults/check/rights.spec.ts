import { command, event, history, inRoom, wrongsOf } from './made-up.js';
import { rights } from './rights.js';

const unit = inRoom('unit:district');
const measure = inRoom('unit:district', 2);
const change = (call: number, role: string) =>
  command(call, 'changeRights', { userId: 'u1', roles: [role] }, { result: { userId: 'u1' } }, { user: 'admin' });
const lose = change(1, 'assessor');
const wrongs = (...entries: Parameters<typeof history>) => wrongsOf(rights({ placedAtAck: true }), history(...entries));
const wrongsLater = (...entries: Parameters<typeof history>) =>
  wrongsOf(rights({ placedAtAck: false }), history(...entries));

describe('the check of rights', () => {
  const before = [unit.asked(), unit.snapshot(4)];
  const asked = [measure.asked(), measure.snapshot(6)];

  it('is content with what was placed before the loss, and with what comes after rights are given back', () => {
    expect(wrongs(...before, ...lose, ...asked, unit.frame(5, event('a'), event('b')))).toEqual([]);
    expect(
      wrongs(
        ...before,
        ...lose,
        ...asked,
        ...change(2, 'supervisor'),
        unit.frame(5, ...'abc'.split('').map((id) => event(id))),
      ),
    ).toEqual([]);
  });

  it('finds somebody who is not let in, with a right that was never lost', () => {
    const refused = { kind: 'refused', console: 'c1', sub: 1, room: 'unit:district', code: 'forbidden' } as const;
    expect(wrongs(unit.asked(), refused)).toEqual(['answered wrongly']);
    expect(wrongs(unit.asked({ barred: true }), refused)).toEqual([]);
    expect(wrongs(...lose, unit.asked(), refused)).toEqual([]);
    expect(wrongs(unit.asked(), { ...refused, code: 'unavailable' })).toEqual([]);
  });

  it('finds an event that was placed after the loss', () => {
    const late = unit.frame(5, event('a'), event('b'), event('c'));
    expect(wrongs(...before, ...lose, ...asked, late)).toEqual(['seen without right']);
  });

  it('knows that a loss may get its place after its ack, but is in force a second later', () => {
    const late = unit.frame(5, event('a'), event('b'), event('c'));
    const [askedAtOnce, entered] = [measure.asked(), measure.snapshot(6)];
    const told = history(...before, ...lose, askedAtOnce, entered, late);
    // Asked in the same moment as the ack came.
    const atOnce = told.map((entry) => ({ ...entry, at: Math.min(entry.at, told[3]!.at) }));
    expect(wrongsOf(rights({ placedAtAck: true }), atOnce)).toEqual(['seen without right']);
    expect(wrongsOf(rights({ placedAtAck: false }), atOnce)).toEqual([]);
    expect(wrongsLater(...before, ...lose, ...asked, late)).toEqual(['seen without right']);
  });

  it('finds a command, and an entry, after the loss', () => {
    const urge = command(3, 'urge', { orderNo: 'o' }, { result: { orderNo: 'o', version: 2 } });
    expect(wrongs(...lose, ...urge)).toEqual(['seen without right']);
    expect(wrongs(...lose, ...asked, ...before)).toEqual(['seen without right']);
  });

  it('finds a room that opened to who is barred, and a frame after the hub’s own word', () => {
    expect(wrongs(unit.asked({ barred: true }), unit.snapshot(0))).toEqual(['seen without right']);
    expect(wrongs(...before, unit.left('revoked'), unit.frame(5, event('a')))).toEqual(['seen without right']);
  });

  it('finds what shared rooms may not see of a confidential order, in snapshots and in events', () => {
    const stub = { orderNo: 'o', version: 1, state: 'registered', visibility: 'confidential', clocks: [] };
    const enter = (card: object) => event('a', 'order.registered', { card: { key: 'order:o', op: 'enter', card } });
    expect(wrongs(unit.snapshot(0, { 'order:o': stub }), unit.frame(1, enter(stub)))).toEqual([]);
    expect(wrongs(unit.snapshot(0, { 'order:o': { ...stub, kind: 'complaint' } }))).toEqual(['seen without right']);
    expect(wrongs(unit.frame(1, enter({ ...stub, leadUnitId: 'housing' })))).toEqual(['seen without right']);
    const later = event('b', 'order.dispatched', {
      card: { key: 'order:o', op: 'change', fields: { leadUnitId: 'x' } },
    });
    expect(wrongs(unit.frame(1, enter(stub), later))).toEqual(['seen without right']);
    expect(wrongs(inRoom('order:o').snapshot(0, { 'order:o': { ...stub, kind: 'complaint' } }))).toEqual([]);
  });
});

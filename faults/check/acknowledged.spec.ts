import { acknowledged, answers } from './acknowledged.js';
import { command, event, history, inRoom, wrongsOf } from './made-up.js';

const [desk, city, queue] = [inRoom('desk:city'), inRoom('unit:district', 2), inRoom('queue:register', 3)];
const accept = command(1, 'accept', { orderNo: 'o' }, { result: { orderNo: 'o', version: 2 } });
const told = event('a', 'order.accepted', { orderNo: 'o', version: 2 });
const missing = (...entries: Parameters<typeof history>) => wrongsOf(acknowledged, history(...entries));
const answered = (...entries: Parameters<typeof history>) => wrongsOf(answers, history(...entries));

describe('the check of what was acknowledged', () => {
  it('finds a command that no room tells of, where the rooms are known from before it to the end', () => {
    const quiet = [city.fresh(0), queue.fresh(0)];
    const begin = [desk.snapshot(0), city.snapshot(0), queue.snapshot(0)];
    expect(missing(...begin, ...accept, desk.frame(1, told), desk.fresh(1), ...quiet)).toEqual([]);
    expect(missing(...begin, ...accept, desk.fresh(0), ...quiet)).toEqual(['acknowledged but missing']);
    expect(missing(desk.snapshot(0), ...accept, desk.fresh(0))).toEqual([]);
    expect(missing(...begin, ...accept, desk.fresh(1), ...quiet)).toEqual([]);
    const claim = command(2, 'claimItem', { itemId: 'i' }, { result: { itemId: 'i' } });
    expect(missing(...begin, ...claim, desk.fresh(0), ...quiet)).toEqual(['acknowledged but missing']);
  });

  it('finds an item that somebody claimed, or returned more often, than its queue tells', () => {
    const begin = [desk.snapshot(0), city.snapshot(0), queue.snapshot(0)];
    const act = (call: number, name: string, user: string) =>
      command(call, name, { itemId: 'i' }, { result: { itemId: 'i' } }, { user });
    const by = (actor: string, id: string, type = 'queue.item_claimed') => ({
      ...event(id, type, { itemId: 'i' }),
      actor,
    });
    const told = queue.frame(1, by('u1', 'a'), by('u1', 'b', 'queue.item_returned'));
    const end = [desk.fresh(0), city.fresh(0), queue.fresh(2)];
    const [claim, again, other] = [act(1, 'claimItem', 'u1'), act(2, 'claimItem', 'u1'), act(3, 'claimItem', 'u2')];
    expect(missing(...begin, ...claim, told, ...end)).toEqual([]);
    expect(missing(...begin, ...claim, ...again, told, ...end)).toEqual([]);
    expect(missing(...begin, ...claim, ...other, told, ...end)).toEqual(['acknowledged but missing']);
    const returned = act(4, 'returnItem', 'u1');
    expect(missing(...begin, ...returned, told, ...end)).toEqual([]);
    expect(missing(...begin, ...returned, ...act(5, 'returnItem', 'u1'), told, ...end)).toEqual([
      'acknowledged but missing',
    ]);
  });

  it('expects nothing to be told of an item that the person held when the watching began, and all of anybody else', () => {
    const held = queue.snapshot(0, { 'item:i': { itemId: 'i', state: 'claimed', seatId: 'A1' } });
    const begin = [desk.snapshot(0), city.snapshot(0), held];
    const claim = (call: number, user: string) =>
      command(call, 'claimItem', { itemId: 'i' }, { result: { itemId: 'i' } }, { user });
    const by = (actor: string, seatId: string) => ({
      ...event(actor, 'queue.item_returned', { itemId: 'i', seatId }),
      actor,
    });
    const end = (head: number) => [desk.fresh(0), city.fresh(0), queue.fresh(head)];
    expect(missing(...begin, ...claim(1, 'u1'), ...end(0))).toEqual([]);
    expect(missing(...begin, ...claim(1, 'u1'), queue.frame(1, by('u1', 'A1')), ...end(1))).toEqual([]);
    expect(missing(...begin, ...claim(1, 'u2'), queue.frame(1, by('u2', 'A2')), ...end(1))).toEqual([
      'acknowledged but missing',
    ]);
  });

  it('finds an order that is not there any more, or is behind its acknowledged version', () => {
    expect(missing(...accept, { kind: 'looked', orderNo: 'o', version: 3 })).toEqual([]);
    expect(missing(...accept, { kind: 'looked', orderNo: 'o', version: 1 })).toEqual(['acknowledged but missing']);
    expect(missing(...accept, { kind: 'looked', orderNo: 'o', version: null })).toEqual(['acknowledged but missing']);
  });
});

describe('the check of answers', () => {
  const id = { commandId: 'same' };
  const first = command(1, 'register', { title: 'a' }, { result: { orderNo: 'o' } }, id);

  it('finds the same command answered in two ways, whatever the second was', () => {
    expect(answered(...first, ...command(2, 'register', { title: 'a' }, { result: { orderNo: 'o' } }, id))).toEqual([]);
    expect(answered(...first, ...command(2, 'register', { title: 'a' }, { code: 'unavailable' }, id))).toEqual([]);
    const second = command(2, 'register', { title: 'a' }, { result: { orderNo: 'p' } }, id);
    expect(answered(...first, ...second)).toEqual(['applied twice']);
    expect(answered(...first, ...command(2, 'register', { title: 'a' }, { code: 'version_conflict' }, id))).toEqual([
      'applied twice',
    ]);
  });

  it('finds an id that served for two payloads', () => {
    expect(answered(...first, ...command(2, 'register', { title: 'b' }, { code: 'command_id_reused' }, id))).toEqual(
      [],
    );
    const other = command(2, 'register', { title: 'b' }, { result: { orderNo: 'o' } }, id);
    expect(answered(...first, ...other)).toEqual(['answered wrongly']);
  });

  it('finds a refusal for its form of what has the right one, and the other way round', () => {
    expect(answered(...command(1, 'register', {}, { code: 'payload_invalid' }, { malformed: true }))).toEqual([]);
    expect(answered(...command(1, 'register', {}, { code: 'payload_invalid' }))).toEqual(['answered wrongly']);
    expect(answered(...command(1, 'register', {}, { result: {} }, { malformed: true }))).toEqual(['answered wrongly']);
  });

  it('finds one request of a source system that became two orders', () => {
    const request = (call: number, orderNo: string) =>
      command(call, 'register', { sourceId: 's' }, { result: { orderNo } });
    expect(answered(...request(1, 'o'), ...request(2, 'o'))).toEqual([]);
    expect(answered(...request(1, 'o'), ...request(2, 'p'))).toEqual(['applied twice']);
  });

  it('finds more progress than was noted', () => {
    const note = command(1, 'addProgress', { orderNo: 'o' }, { result: { orderNo: 'o', version: 5 } });
    const progress = (key: string) => event(key, 'order.progressed', { orderNo: 'o' });
    expect(answered(...note, desk.frame(1, progress('a')), city.frame(1, progress('a')))).toEqual([]);
    expect(answered(...note, desk.frame(1, progress('a'), progress('b')))).toEqual(['applied twice']);
  });

  it('finds more orders than were registered, and what came about though it was refused', () => {
    const registered = (key: string) => event(key, 'order.registered', { orderNo: key });
    const lost = command(1, 'register', {}, { code: 'unavailable' }, id);
    const again = command(2, 'register', {}, { result: { orderNo: 'b' } }, id);
    expect(answered(...lost, ...again, desk.frame(1, registered('b')))).toEqual([]);
    expect(answered(...lost, ...again, desk.frame(1, registered('a'), registered('b')))).toEqual(['applied twice']);

    const progress = (key: string) => event(key, 'order.progressed', { orderNo: 'o' });
    const done = command(3, 'addProgress', { orderNo: 'o' }, { result: { orderNo: 'o', version: 5 } });
    const refused = command(4, 'addProgress', { orderNo: 'o' }, { code: 'transition_not_allowed' });
    expect(answered(...done, ...refused, desk.frame(1, progress('a')))).toEqual([]);
    expect(answered(...done, ...refused, desk.frame(1, progress('a'), progress('b')))).toEqual(['applied twice']);
  });

  it('finds a command that broke down', () => {
    expect(answered(...command(1, 'register', {}, { code: 'internal' }))).toEqual(['answered wrongly']);
  });
});

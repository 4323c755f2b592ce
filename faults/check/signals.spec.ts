import { event, history, inRoom, wrongsOf } from './made-up.js';
import { signals } from './signals.js';

const desk = inRoom('desk:city');
const check = signals({ atOnceMs: 2_000, lateMs: 3_000 });
const clock = (id: string, what: string, at: number, more: object = {}) => ({
  ...event(id, `deadline.${what}`, { clockId: 'k', startedAt: 0, dueAt: 10_000, ...more }),
  at,
});
const later = { ...event('z', 'order.registered'), at: 20_000 };
const wrongs = (...events: ReturnType<typeof clock>[]) =>
  wrongsOf(check, history(desk.snapshot(0), desk.frame(1, ...events, later), desk.fresh(events.length + 1)));

describe('the check of signals', () => {
  const started = clock('a', 'started', 0);
  const overdue = clock('b', 'overdue', 10_500, { signal: 'overdue' });

  it('is content with each signal once, and with a clock that was met in time', () => {
    expect(wrongs(started, overdue, clock('c', 'overdue', 15_000, { signal: 'overdue_1wd' }))).toEqual([]);
    expect(wrongs(started, clock('b', 'met', 9_000))).toEqual([]);
  });

  it('finds one that is missing, twice, early, or after the end', () => {
    expect(wrongs(started)).toEqual(['signals missing or twice']);
    expect(wrongs(started, overdue, clock('c', 'overdue', 10_600, { signal: 'overdue' }))).toHaveLength(1);
    expect(wrongs(started, clock('b', 'overdue', 9_000, { signal: 'overdue' }))).toHaveLength(1);
    expect(wrongs(started, clock('b', 'met', 9_000), clock('c', 'overdue', 10_500))).toHaveLength(1);
  });

  it('finds one that comes after its order has shown the clock’s end', () => {
    const running = { clockId: 'k', state: 'running' };
    const shown = (id: string, ...clocks: object[]) =>
      event(id, 'order.accepted', { card: { key: 'order:o', op: 'change', fields: { clocks } } });
    const said = (...clocks: object[]) =>
      wrongsOf(check, history(desk.snapshot(0), desk.frame(1, shown('s', running), shown('t', ...clocks), overdue)));
    expect(said(running)).toEqual([]);
    expect(said({ ...running, state: 'met' })).toEqual(['signals missing or twice']);
    expect(said()).toEqual(['signals missing or twice']);
  });

  it('finds one that the card at the end still waits for', () => {
    const order = (signal: string | null) => ({
      'order:o': { clocks: [{ clockId: 'k', startedAt: 0, dueAt: 10_000, state: 'running', signal }] },
    });
    const ended = (signal: string | null) =>
      history(desk.snapshot(0), desk.frame(1, later), desk.fresh(1, order(signal)));
    expect(wrongsOf(check, ended('overdue'))).toEqual([]);
    expect(wrongsOf(check, ended(null))).toEqual(['signals missing or twice']);
  });

  it('gives what is due at once its time', () => {
    const atOnce = clock('a', 'started', 0, { dueAt: 0 });
    expect(wrongs(atOnce, clock('b', 'overdue', 2_100, { dueAt: 0 }))).toEqual([]);
    expect(wrongs(atOnce, clock('b', 'overdue', 1_000, { dueAt: 0 }))).toHaveLength(1);
  });

  it('says nothing of what is still to come, and of a history without an end', () => {
    expect(wrongs(clock('a', 'started', 0, { dueAt: 18_000 }))).toEqual([]);
    expect(wrongsOf(check, history(desk.snapshot(0), desk.frame(1, started, later)))).toEqual([]);
  });
});

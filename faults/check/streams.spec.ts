import { event, history, inRoom, wrongsOf } from './made-up.js';
import { appliedOnce, streams, versionsRise } from './streams.js';

const desk = inRoom('desk:city');
const other = inRoom('desk:city', 2);
const [a, b, c] = [event('a'), event('b'), event('c')];
const wrongs = (...entries: Parameters<typeof history>) => wrongsOf(streams, history(...entries));

describe('the check of streams', () => {
  it('is content with every event once, in order, over cuts and resumptions', () => {
    const again = inRoom('desk:city', 3);
    expect(
      wrongs(
        desk.snapshot(4),
        desk.frame(5, a, b),
        desk.left('cut'),
        again.asked({ epoch: 'e0', offset: 6 }),
        again.resumed(6),
        again.frame(7, c),
        desk.fresh(7),
      ),
    ).toEqual([]);
  });

  it('finds a hole, and an end that never came', () => {
    expect(wrongs(desk.snapshot(4), desk.frame(6, b))).toEqual(['lost']);
    expect(wrongs(desk.snapshot(4), desk.frame(5, a), desk.fresh(6))).toEqual(['lost']);
  });

  it('finds what came twice, and what stands twice', () => {
    expect(wrongs(desk.snapshot(4), desk.frame(5, a), desk.frame(5, a))).toEqual(['applied twice']);
    expect(wrongs(desk.snapshot(4), desk.frame(5, a), desk.frame(6, a))).toEqual(['applied twice']);
  });

  it('finds an offset that is one event here and another there, and one that was given anew', () => {
    expect(wrongs(desk.snapshot(4), other.snapshot(4), desk.frame(5, a), other.frame(5, b))).toEqual(['reordered']);
    expect(wrongs(desk.snapshot(4), desk.frame(5, a), desk.frame(6, b), desk.frame(5, c))).toContain('reordered');
    const changed = event('a', 'order.progressed', { version: 3 });
    expect(wrongs(desk.snapshot(4), other.snapshot(4), desk.frame(5, a), other.frame(5, changed))).toEqual([
      'reordered',
    ]);
  });

  it('finds an answer that resumes from another place than was asked for', () => {
    expect(wrongs(desk.asked({ epoch: 'old', offset: 0 }), desk.resumed(0))).toEqual(['answered wrongly']);
    expect(wrongs(desk.asked({ epoch: 'e0', offset: 3 }), desk.resumed(9))).toEqual(['answered wrongly']);
    expect(wrongs(desk.asked(), desk.resumed(0))).toEqual(['answered wrongly']);
  });

  it('finds what a store applied twice or late', () => {
    const applied = (offset: number, id: string) =>
      ({ kind: 'applied', console: 'sdk', room: 'floor', epoch: 'e0', offset, id }) as const;
    const said = (...entries: Parameters<typeof history>) => wrongsOf(appliedOnce, history(...entries));
    expect(said(applied(1, 'a'), applied(2, 'b'))).toEqual([]);
    expect(said(applied(1, 'a'), applied(2, 'a'))).toEqual(['applied twice']);
    expect(said(applied(2, 'a'), applied(1, 'b'))).toEqual(['reordered']);
  });

  it('finds an order of which the earlier is told after the later', () => {
    const at = (version: number, orderNo = 'G1') =>
      event(`${orderNo} ${version}`, 'order.progressed', { orderNo, version });
    const said = (...entries: Parameters<typeof history>) => wrongsOf(versionsRise, history(...entries));
    expect(said(desk.snapshot(4), desk.frame(5, at(2), at(1, 'G2'), at(2)), desk.frame(8, at(3), a))).toEqual([]);
    expect(said(desk.snapshot(4), desk.frame(5, at(3)), desk.frame(6, at(2)))).toEqual(['reordered']);
  });
});

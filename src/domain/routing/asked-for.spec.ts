import fc from 'fast-check';
import type { SkillLevel } from '@minqing-hub/client-sdk/protocol';
import { anySkills, waitingItem } from '../../../test/support/queue-items.js';
import { askedFor, canDo, leftAfter, levelOf, type SeatGroup } from './asked-for.js';

const relax = { stepMs: 30_000, levels: 1 };
const skills = (text: string): SkillLevel[] =>
  text.split(' ').flatMap((part) => {
    const [skill, level] = part.split('=');
    return skill && level ? [{ skill, level: Number(level) }] : [];
  });
const written = (asked: readonly SkillLevel[]) => asked.map(({ skill, level }) => `${skill}=${level}`).join(' ');
const group = (text: string, more: Partial<SeatGroup> = {}): SeatGroup => ({
  queues: ['dispatch'],
  skills: skills(text),
  seats: 1,
  seatId: 'S1',
  ...more,
});
const asks = (needs: string, waitedMs: number, there: SeatGroup[]) =>
  written(askedFor(waitingItem({ needs: skills(needs), queuedAt: 1_000 }), 1_000 + waitedMs, relax, there));

describe('what waiting work asks for', () => {
  it('[RT2] can do who has every skill at that level or above', () => {
    expect(canDo(skills('a=3 b=1'), skills('a=3'))).toBe(true);
    expect(canDo(skills('a=3'), skills('a=4'))).toBe(false);
    expect(canDo(skills('a=5'), skills('a=1 b=1'))).toBe(false);
    expect(canDo([], [])).toBe(true);
  });

  it('[RT3] falls by one level every 30 seconds, until nothing is left', () => {
    const there = [group('a=5 b=5')];
    expect([0, 29_999, 30_000, 60_000, 90_000].map((waited) => asks('a=3 b=1', waited, there))).toEqual([
      'a=3 b=1',
      'a=3 b=1',
      'a=2',
      'a=1',
      '',
    ]);
    expect(written(leftAfter(skills('a=5'), 30_000, { stepMs: 30_000, levels: 3 }))).toBe('a=2');
    // A clock that another node has set a little ahead asks for no more than at first.
    expect(asks('a=3', -5_000, there)).toBe('a=3');
  });

  it('[RT4] is no more than somebody signed on to that queue can', () => {
    expect(asks('a=4 b=2', 0, [group('a=3'), group('a=1', { seatId: 'S2' })])).toBe('a=3');
    expect(asks('a=4', 0, [])).toBe('');
    expect(asks('a=4', 0, [group('a=5', { queues: ['register'] })])).toBe('');
    // Each is there, both together are not: what would be left after some waiting.
    expect(asks('a=4 b=2', 0, [group('a=4'), group('b=2', { seatId: 'S2' })])).toBe('a=2');
    expect(asks('a=2 b=2', 0, [group('a=4'), group('a=2 b=1', { seatId: 'S2' })])).toBe('a=2 b=1');
  });

  it('[RT3] [RT4] can be done by somebody there, asks never for more than before, and at last for nothing', () => {
    const anyGroups = fc
      .array(anySkills, { minLength: 1, maxLength: 5 })
      .map((all) => all.map((can, i) => group('', { skills: can, seatId: `S${i}` })));
    fc.assert(
      fc.property(anySkills, anyGroups, fc.nat(200_000), fc.nat(200_000), (needs, there, waited, more) => {
        const item = waitingItem({ needs, queuedAt: 0 });
        const asked = askedFor(item, waited, relax, there);
        expect(there.some((seats) => canDo(seats.skills, asked))).toBe(true);
        for (const { skill, level } of asked) expect(level).toBeLessThanOrEqual(levelOf(needs, skill));
        const later = askedFor(item, waited + more, relax, there);
        for (const { skill, level } of later) expect(level).toBeLessThanOrEqual(levelOf(asked, skill));
        expect(askedFor(item, 5 * relax.stepMs, relax, there)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});

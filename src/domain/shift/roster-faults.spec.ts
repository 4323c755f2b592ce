import fc from 'fast-check';
import { rosterFaults, type RosterRow } from './roster-faults.js';
import type { RosteredShift } from './rostered-shift.js';

const HOUR = 3_600_000;
const row = (line: number, userId: string, seatId: string | null, from: number, hours = 8): RosterRow => ({
  line,
  shiftId: `${userId}@${from}`,
  day: '2026-11-22',
  code: 'x',
  startsAt: from * HOUR,
  endsAt: (from + hours) * HOUR,
  userId,
  seatId,
});

const standingOf = ({ line: _line, ...shift }: RosterRow): RosteredShift => shift;

describe('faults of a roster', () => {
  it('[SH2] a person and a seat are in one shift at a time; the one after may begin as the one before ends', () => {
    expect(rosterFaults([row(2, 'a', 'S1', 0), row(3, 'a', 'S2', 8), row(4, 'b', 'S1', 8)], [])).toEqual([]);
    expect(rosterFaults([row(2, 'a', 'S1', 0), row(3, 'a', 'S2', 7), row(4, 'b', 'S1', 7)], [])).toEqual([
      { line: 3, column: 'username', reason: '这个人与第 2 行的时间重叠' },
      { line: 4, column: 'seatId', reason: '这个坐席与第 2 行的时间重叠' },
    ]);
  });

  it('[SH2] is measured against what stands, too, and the new row is to blame', () => {
    const standing = standingOf(row(0, 'a', 'S1', 0));
    expect(rosterFaults([row(2, 'a', null, 4), row(3, 'b', null, 4)], [standing])).toEqual([
      { line: 2, column: 'username', reason: '这个人与已排的 2026-11-22 x 班的时间重叠' },
    ]);
    expect(rosterFaults([row(2, 'b', 'S1', -4)], [standing])).toEqual([
      { line: 2, column: 'seatId', reason: '这个坐席与已排的 2026-11-22 x 班的时间重叠' },
    ]);
  });

  it('[SH2] the same row twice is one fault, not three', () => {
    expect(rosterFaults([row(2, 'a', 'S1', 0), row(3, 'a', 'S1', 0)], [])).toEqual([
      { line: 3, column: 'username', reason: '与第 2 行重复' },
    ]);
  });

  it('[SH2] lets through exactly those in which nothing overlaps', () => {
    const anyRow = fc.record({
      user: fc.integer({ min: 1, max: 4 }),
      seat: fc.option(fc.integer({ min: 1, max: 4 })),
      from: fc.integer({ min: 0, max: 60 }),
      hours: fc.integer({ min: 1, max: 12 }),
      stands: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 12 }), (drawn) => {
        const all = drawn.map(({ user, seat, from, hours, stands }, i) => ({
          ...row(i + 2, `u${user}`, seat === null ? null : `S${seat}`, from, hours),
          shiftId: `${i}`,
          stands,
        }));
        const clash = (a: RosterRow, b: RosterRow) =>
          a.startsAt < b.endsAt &&
          b.startsAt < a.endsAt &&
          (a.userId === b.userId || (a.seatId !== null && a.seatId === b.seatId));
        const standing = all.filter(({ stands }) => stands);
        // What stands was let through before.
        fc.pre(!standing.some((a) => standing.some((b) => a !== b && clash(a, b))));
        const rows = all.filter(({ stands }) => !stands);
        const expected = rows.some((a) => all.some((b) => a !== b && clash(a, b)));
        const faults = rosterFaults(rows, standing.map(standingOf));
        expect(faults.length > 0).toBe(expected);
        for (const { line } of faults) expect(rows.some((each) => each.line === line)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

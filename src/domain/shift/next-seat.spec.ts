import { type MannedSeat, nextSeat } from './next-seat.js';
import { shiftNow, type WorkedShift } from './rostered-shift.js';

const HOUR = 3_600_000;
const EARLY = HOUR / 2;
const MOST = 6;
const shift = (userId: string, from: number, to: number, seatId: string | null = null): WorkedShift => ({
  shiftId: `${userId}@${from}`,
  day: '2026-03-02',
  code: 'x',
  startsAt: from * HOUR,
  endsAt: to * HOUR,
  userId,
  seatId,
  staysUntil: null,
  signedOnAt: null,
  signedOffAt: null,
  breaks: 0,
});
const seat = (seatId: string, userId: string, more: Partial<MannedSeat> = {}): MannedSeat => ({
  seatId,
  userId,
  presence: 'ready',
  queues: ['register'],
  held: 0,
  ...more,
});

describe('the next seat', () => {
  const anna = { shift: shift('anna', 7, 15, 'S1'), seat: seat('S1', 'anna', { held: 1 }) };
  const bert = shift('bert', 15, 23, 'S1');
  const cora = shift('cora', 15, 23, 'S3');
  const dora = shift('dora', 9, 17, 'S4');
  const others = [dora, bert, cora];
  const at = (manned: MannedSeat[], now = 15 * HOUR) =>
    nextSeat(anna, others, manned, { now, earlyMs: EARLY, most: MOST });

  it('[SH7] is that of whom the roster names next for this seat, wherever they sit', () => {
    expect(at([seat('S3', 'cora'), seat('S2', 'bert', { held: 5 })])).toBe('S2');
    expect(at([seat('S3', 'cora'), seat('S2', 'bert', { held: 5 })], 14.75 * HOUR)).toBe('S2');
  });

  it('[SH7] else that of whose shift began last and has least in hand', () => {
    expect(at([seat('S4', 'dora'), seat('S3', 'cora', { held: 2 })])).toBe('S3');
    expect(at([seat('S4', 'dora')])).toBe('S4');
    const evan = shift('evan', 15, 23);
    const two = [seat('S3', 'cora', { held: 2 }), seat('S9', 'evan', { held: 1 })];
    expect(nextSeat(anna, [...others, evan], two, { now: 15 * HOUR, earlyMs: EARLY, most: MOST })).toBe('S9');
  });

  it.each([
    ['on a break', seat('S2', 'bert', { presence: 'break' })],
    ['in training', seat('S2', 'bert', { presence: 'training' })],
    ['with their hands full', seat('S2', 'bert', { held: MOST })],
    ['serving other queues', seat('S2', 'bert', { queues: ['arbitration'] })],
    ['not there', seat('S2', 'zoe')],
  ])('[SH7] is nobody’s who is %s', (_what, other) => {
    expect(at([other])).toBeUndefined();
  });

  it('[SH7] is nobody’s whose shift is over, or has not come near, nor whose came before', () => {
    expect(at([seat('S2', 'bert')], 24 * HOUR)).toBeUndefined();
    const early = { shift: shift('anna', 12, 20, 'S1'), seat: anna.seat };
    const now = { now: 20 * HOUR, earlyMs: EARLY, most: MOST };
    expect(nextSeat(early, [shift('fred', 9, 21)], [seat('S5', 'fred')], now)).toBeUndefined();
    expect(nextSeat(early, [shift('gina', 21, 24)], [seat('S6', 'gina')], now)).toBeUndefined();
  });

  it('[SH7] is not asked for in the middle of a shift', () => {
    expect(at([seat('S4', 'dora')], 12 * HOUR)).toBeUndefined();
  });
});

describe('the shift to sign on for', () => {
  const early = shift('anna', 7, 15);
  const late = shift('anna', 15, 23);
  it('[SH4] is open from half an hour before to its end, and of two the one that ends first', () => {
    const now = (hour: number, shifts = [late, early]) => shiftNow(shifts, hour * HOUR, EARLY)?.shiftId;
    expect([now(6.49), now(6.5), now(14.9), now(15), now(22.9), now(23)]).toEqual([
      undefined,
      early.shiftId,
      early.shiftId,
      late.shiftId,
      late.shiftId,
      undefined,
    ]);
    expect(now(15.5, [late, { ...early, staysUntil: 16 * HOUR }])).toBe(early.shiftId);
  });
});

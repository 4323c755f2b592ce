/** What the roster says: who works when, and perhaps where. Times are ms UTC. */
export interface RosteredShift {
  shiftId: string;
  /** The day in China on which it begins. */
  day: string;
  /** Which one of the plan of shifts. */
  code: string;
  startsAt: number;
  endsAt: number;
  userId: string;
  /** `null`: wherever its user sits. */
  seatId: string | null;
}

/** What became of it. */
export interface WorkedShift extends RosteredShift {
  /** Until when its user stays on; `null`: to the end of the shift. */
  staysUntil: number | null;
  /** Since when its user has been there for it, the latest time; `null`: nobody has come for it. */
  signedOnAt: number | null;
  /** When its user left; `null`: nobody has come for it, or they are there. */
  signedOffAt: number | null;
  breaks: number;
}

export const endOf = (shift: WorkedShift): number => Math.max(shift.endsAt, shift.staysUntil ?? 0);

export const isBeingWorked = (shift: WorkedShift): boolean => shift.signedOnAt !== null && shift.signedOffAt === null;

/** [SH3] A new roster of its day may change it or take it out. */
export const isReplaceable = (shift: WorkedShift, now: number): boolean =>
  shift.signedOnAt === null && shift.endsAt > now;

/** Of a person's shifts the one to sign on for: it runs, or begins within `earlyMs`; of two the one that ends first. [SH4] */
export function shiftNow(shifts: readonly WorkedShift[], now: number, earlyMs: number): WorkedShift | undefined {
  return shifts
    .filter((shift) => shift.startsAt - earlyMs <= now && now < endOf(shift))
    .sort((a, b) => endOf(a) - endOf(b) || (a.shiftId < b.shiftId ? -1 : 1))[0];
}

/** `GET /api/shifts/own`: what the roster says for the actor, nearest first. */
export interface OwnShift {
  shiftId: string;
  /** The shift's code and name in the plan of shifts. */
  code: string;
  name: string;
  startsAt: number;
  endsAt: number;
  seatId: string | null;
  signedOn: boolean;
}

/** `GET /api/shifts?at=`: who was to work and who does, for shift leaders. */
export interface ShiftPlace {
  shiftId: string;
  code: string;
  startsAt: number;
  endsAt: number;
  userId: string;
  name: string;
  seatId: string | null;
  signedOnAt: number | null;
  signedOffAt: number | null;
}

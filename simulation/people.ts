import type { Role, UnitRow } from '@minqing-hub/client-sdk/protocol';

/** A row of the list of users. Named by role; the demo city's own accounts are the same, so for them nothing changes. */
export interface PersonRow {
  username: string;
  name: string;
  roles: Role;
  unitId: string;
  seatId: string;
}

const LONGEST = 64;
const padded = (n: number, width: number): string => String(n).padStart(width, '0');

export interface SeatAccount {
  username: string;
  seatId: string;
}

export const agent = (n: number): SeatAccount => ({ username: `agent${padded(n, 3)}`, seatId: `A${padded(n, 3)}` });
export const dispatcher = (n: number): SeatAccount => ({
  username: `dispatcher${padded(n, 2)}`,
  seatId: `D${padded(n, 2)}`,
});
export const arbiter = (n: number): SeatAccount => ({ username: `arbiter${padded(n, 2)}`, seatId: `R${padded(n, 2)}` });
/** Registers what comes in and has the desk in view, without a seat. */
export const DESK = 'leader01';
export const OVERSEER = 'supervisor01';

export const clerkOf = (unitId: string): string => `unit-${unitId}`;
export const handlerOf = (unitId: string): string => `handler-${unitId}`;
export const deputyOf = (unitId: string): string => `deputy-${unitId}`;

export function unitPeople(units: readonly UnitRow[]): PersonRow[] {
  return units.flatMap(({ unitId, name }) =>
    (
      [
        [clerkOf(unitId), '联络员', 'unit_clerk'],
        [handlerOf(unitId), '办理人', 'handler'],
        [deputyOf(unitId), '分管领导', 'deputy_leader'],
      ] as const
    ).map(([username, title, roles]) => ({
      username,
      name: `${title}-${name}`.slice(0, LONGEST),
      roles,
      unitId,
      seatId: '',
    })),
  );
}

/** More agents than seats: who comes when somebody goes home, and has no seat of their own. */
export const relief = (n: number): string => `agent${padded(MOST_SEATS + n, 3)}`;
export const MOST_SEATS = 700;
export const MOST_RELIEF = MOST_SEATS / 2;

export function reliefPeople(count: number): PersonRow[] {
  return Array.from({ length: count }, (_, i) => ({
    username: relief(i + 1),
    name: `坐席${padded(MOST_SEATS + i + 1, 3)}`,
    roles: 'agent' as const,
    unitId: '',
    seatId: '',
  }));
}

export function centrePeople(seats: { agents: number; dispatchers: number; arbiters: number }): PersonRow[] {
  const row = (username: string, name: string, roles: Role, seatId = ''): PersonRow => ({
    username,
    name,
    roles,
    unitId: '',
    seatId,
  });
  const series = (count: number, of: (n: number) => SeatAccount, title: string, role: Role, width: number) =>
    Array.from({ length: count }, (_, i) => {
      const { username, seatId } = of(i + 1);
      return row(username, `${title}${padded(i + 1, width)}`, role, seatId);
    });
  return [
    row(DESK, '班长01', 'shift_leader'),
    row(OVERSEER, '监督员01', 'supervisor'),
    ...series(seats.agents, agent, '坐席', 'agent', 3),
    ...series(seats.dispatchers, dispatcher, '分拨员', 'dispatcher', 2),
    ...series(seats.arbiters, arbiter, '裁决员', 'arbiter', 2),
  ];
}

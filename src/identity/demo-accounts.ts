import type { Role, UnitRow } from '@minqing-hub/client-sdk/protocol';

/** An account of the demo city; all share one password, so one hash. Named by role: nobody real, nobody invented. */
export interface DemoAccount {
  userId: string;
  name: string;
  roles: Role[];
  unitId: string | null;
  seatId: string | null;
}

/** 700 seats, and 1,050 people who share them over the day: those beyond the seats have none of their own. */
const SEATS = 700;
const AGENTS = 1_050;
const MAX_ID = 64;
const STREETS = ['street', 'town', 'township'];
const VILLAGES = ['community', 'village'];

const numbered = (n: number, width: number): string => String(n).padStart(width, '0');

function series(count: number, make: (n: number) => Omit<DemoAccount, 'unitId'>): DemoAccount[] {
  return Array.from({ length: count }, (_, i) => ({ ...make(i + 1), unitId: null }));
}

const single = (userId: string, name: string, ...roles: Role[]): DemoAccount => ({
  userId,
  name,
  roles,
  unitId: null,
  seatId: null,
});

/** Those of the call centre and the city, which need no unit. */
export function cityAccounts(): DemoAccount[] {
  return [
    ...series(AGENTS, (n) => ({
      userId: `agent${numbered(n, 3)}`,
      name: `坐席${numbered(n, 3)}`,
      roles: ['agent'],
      seatId: n <= SEATS ? `A${numbered(n, 3)}` : null,
    })),
    ...series(6, (n) => ({
      userId: `leader${numbered(n, 2)}`,
      name: `班长${numbered(n, 2)}`,
      roles: ['shift_leader'],
      seatId: null,
    })),
    ...series(20, (n) => ({
      userId: `dispatcher${numbered(n, 2)}`,
      name: `分拨员${numbered(n, 2)}`,
      roles: ['dispatcher'],
      seatId: `D${numbered(n, 2)}`,
    })),
    ...series(3, (n) => ({
      userId: `arbiter${numbered(n, 2)}`,
      name: `裁决员${numbered(n, 2)}`,
      roles: ['arbiter'],
      seatId: `R${numbered(n, 2)}`,
    })),
    single('supervisor01', '监督员01', 'supervisor'),
    single('supervisor02', '监督员02', 'supervisor'),
    single('petition01', '信访专员01', 'petition_officer'),
    single('district01', '区领导01', 'district_leader'),
    single('auditor01', '审计员01', 'auditor'),
    single('admin', '管理员', 'policy_admin', 'list_admin'),
  ];
}

/** Those of one unit. A unit whose id is too long for a user's id has none. */
export function unitAccounts(unit: UnitRow): DemoAccount[] {
  const kinds = [unit.areaType, unit.level, unit.type];
  const one = (prefix: string, title: string, role: Role): DemoAccount => ({
    userId: `${prefix}-${unit.unitId}`,
    name: `${title}-${unit.name}`.slice(0, MAX_ID),
    roles: [role],
    unitId: unit.unitId,
    seatId: null,
  });
  const accounts = [
    one('unit', '联络员', 'unit_clerk'),
    one('handler', '办理人', 'handler'),
    one('deputy', '分管领导', 'deputy_leader'),
    one('principal', '主要领导', 'principal_leader'),
  ];
  if (kinds.some((kind) => kind !== null && STREETS.includes(kind))) {
    accounts.push(one('street', '街道专员', 'street_officer'));
  }
  if (kinds.some((kind) => kind !== null && VILLAGES.includes(kind))) {
    accounts.push(one('village', '社区专员', 'village_worker'));
  }
  return accounts.filter(({ userId }) => userId.length <= MAX_ID);
}

import type { ImportReport } from '@minqing-hub/client-sdk/protocol';
import type { Role } from './actor.js';
import type { Refusal } from '../domain/result.js';
import { isGrantable } from './roles.js';

/** A line of a user list as it was read: texts from CSV, JSON's own values from JSON. A column that is not there says "as before". */
export interface RawUserRow {
  line: number;
  values: Readonly<Record<string, unknown>>;
}

export type RowFault = ImportReport['errors'][number];

/** A line that is well-formed; whether its unit and seat exist and are free is asked of the database. */
export interface UserRow {
  line: number;
  username: string;
  name?: string;
  roles?: Role[];
  unitId?: string | null;
  seatId?: string | null;
  active?: boolean;
  password?: string;
}

const COLUMNS = ['username', 'name', 'roles', 'unitId', 'seatId', 'active', 'password'];
const USERNAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;
const RESERVED = ['system'];
const SEAT = /^[A-Za-z0-9-]{1,32}$/;
const TRUTH: Record<string, boolean> = { '1': true, '0': false, true: true, false: false, 是: true, 否: false };

/** What the lines say, and every fault of form in them. Values are not repeated in faults. */
export function readUserRows(
  raw: readonly RawUserRow[],
  weaknessOf: (password: string, userId: string) => Refusal | undefined,
): { rows: UserRow[]; faults: RowFault[] } {
  const faults: RowFault[] = [];
  const seen = new Map<string, number>();
  const rows = raw.map(({ line, values }) => {
    const fault = (column: string, reason: string) => faults.push({ line, column, reason });
    for (const column of Object.keys(values)) if (!COLUMNS.includes(column)) fault(column, '没有这一列');
    const row: UserRow = { line, username: textIn(values.username) ?? '' };
    if (!USERNAME.test(row.username) || RESERVED.includes(row.username)) {
      fault('username', '用户名应为 1 至 64 个字母、数字、点、下划线或连字符');
    }
    const before = seen.get(row.username);
    if (before !== undefined) fault('username', `与第 ${before} 行的用户名重复`);
    seen.set(row.username, line);

    const name = textIn(values.name);
    if (name !== undefined) {
      if (name.length > 64) fault('name', '姓名不能超过 64 个字');
      row.name = name;
    }
    if (values.roles !== undefined) {
      const roles = rolesIn(values.roles);
      if (roles) row.roles = roles;
      else fault('roles', '角色代码不对；多个角色用分号隔开');
    }
    if ('unitId' in values) row.unitId = textIn(values.unitId) ?? null;
    if ('seatId' in values) {
      row.seatId = textIn(values.seatId) ?? null;
      if (row.seatId !== null && !SEAT.test(row.seatId)) fault('seatId', '坐席编号只能用字母、数字和连字符');
    }
    const active = textIn(values.active);
    if (active !== undefined) {
      if (active in TRUTH) row.active = TRUTH[active];
      else fault('active', '应为 1 或 0');
    }
    const password = typeof values.password === 'string' && values.password !== '' ? values.password : undefined;
    if (password !== undefined) {
      const weak = weaknessOf(password, row.username);
      if (weak) fault('password', weak.message);
      row.password = password;
    }
    return row;
  });
  return { rows, faults };
}

/** Empty counts as absent. */
function textIn(value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

function rolesIn(value: unknown): Role[] | undefined {
  const parts: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[;；|]/) : [];
  const codes = parts.map((part) => textIn(part));
  if (codes.length === 0 || !codes.every((code) => code !== undefined && isGrantable(code))) return undefined;
  return [...new Set(codes)];
}

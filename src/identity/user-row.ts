import type { ImportReport, SkillLevel } from '@minqing-hub/client-sdk/protocol';
import type { Role } from './actor.js';
import type { Refusal } from '../domain/result.js';
import { isGrantable } from './roles.js';
import { SEAT_ID, SEAT_ID_FORM } from './seat-id.js';

/** A row of a user list as its file was read; a column that is not there, or (but for unit, seat and skills) empty, says "as before". */
export interface RawUserRow {
  /** 1-based, in the file. */
  line: number;
  /** By column name; `null`: the row could not be taken apart. */
  cells: Readonly<Record<string, string>> | null;
  faults: readonly { column: string; reason: string }[];
}

/** The columns of a user list, by name and by Chinese title. */
export const USER_COLUMNS = [
  { name: 'username', title: '用户名', required: true },
  { name: 'name', title: '姓名', required: false },
  { name: 'roles', title: '角色', required: false },
  { name: 'unitId', title: '单位编码', required: false },
  { name: 'seatId', title: '坐席编号', required: false },
  { name: 'active', title: '启用', required: false },
  { name: 'password', title: '密码', required: false },
  { name: 'skills', title: '技能', required: false },
] as const;

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
  skills?: SkillLevel[];
}

/** Stands in every event of what its user does: no person's name, mobile phone or id number [DG6], but a unit's long code may be part of it. */
const USERNAME = /^(?!.*(?<!\d)1[3-9]\d{9}(?!\d))(?!.*\d{15})[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const RESERVED = ['system'];
const YES = ['1', 'true', 'yes', '是'];
const NO = ['0', 'false', 'no', '否'];

/** What the lines say, and every fault of form in them. Values are not repeated in faults. */
export function readUserRows(
  raw: readonly RawUserRow[],
  weaknessOf: (password: string, userId: string) => Refusal | undefined,
  isSkill: (skill: string) => boolean,
): { rows: UserRow[]; faults: RowFault[] } {
  const faults: RowFault[] = [];
  const seen = new Map<string, number>();
  const rows = raw.flatMap(({ line, cells, faults: known }): UserRow[] => {
    const fault = (column: string, reason: string) => faults.push({ line, column, reason });
    for (const { column, reason } of known) fault(column, reason);
    if (!cells) return [];
    const row: UserRow = { line, username: cells.username?.trim() ?? '' };
    if (!USERNAME.test(row.username) || RESERVED.includes(row.username)) {
      fault('username', '用户名应为 1 至 64 个字母、数字、点、下划线或连字符，不能是姓名、手机号或身份证号');
    }
    const before = seen.get(row.username);
    if (before !== undefined) fault('username', `与第 ${before} 行的用户名重复`);
    seen.set(row.username, line);

    if (cells.name?.trim()) row.name = cells.name.trim();
    if (row.name && row.name.length > 64) fault('name', '姓名不能超过 64 个字');
    if (cells.roles?.trim()) {
      const roles = cells.roles.split(/[;；、,，|]/).map((code) => code.trim());
      if (roles.every(isGrantable)) row.roles = [...new Set(roles)];
      else fault('roles', '角色代码不对；多个角色用分号隔开');
    }
    if (cells.unitId !== undefined) row.unitId = cells.unitId.trim() || null;
    if (cells.seatId !== undefined) {
      row.seatId = cells.seatId.trim() || null;
      if (row.seatId !== null && !SEAT_ID.test(row.seatId)) fault('seatId', SEAT_ID_FORM);
    }
    const active = cells.active?.trim().toLowerCase();
    if (active) {
      row.active = YES.includes(active);
      if (!row.active && !NO.includes(active)) fault('active', '应为 1 或 0');
    }
    if (cells.password) {
      row.password = cells.password;
      const weak = weaknessOf(row.password, row.username);
      if (weak) fault('password', weak.message);
    }
    if (cells.skills !== undefined) {
      const skills = skillsOf(cells.skills);
      if (!skills) fault('skills', '应写作 技能=等级，等级为 1 到 5，多项用分号隔开，技能不重复');
      else if (!skills.every(({ skill }) => isSkill(skill))) fault('skills', '没有这个技能（config/skills.json）');
      else row.skills = skills;
    }
    return [row];
  });
  return { rows, faults };
}

/** `dialect:kejia=3;field:01=4`; `undefined`: not of this form. */
function skillsOf(cell: string): SkillLevel[] | undefined {
  const parts = cell
    .split(/[;；、,，|]/)
    .map((part) => part.trim())
    .filter(Boolean);
  const skills = parts.flatMap((part) => {
    const [, skill, level] = /^([^=\s]+)\s*=\s*([1-5])$/.exec(part) ?? [];
    return skill && level ? [{ skill, level: Number(level) }] : [];
  });
  const distinct = new Set(skills.map(({ skill }) => skill)).size;
  return skills.length === parts.length && distinct === parts.length ? skills : undefined;
}

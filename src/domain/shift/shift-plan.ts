import { instantOf } from '../calendar/instant.js';

/** A shift of every day, in China time; one that ends no later than it starts ends on the day after. [SH1] */
export interface ShiftKind {
  code: string;
  /** Chinese. */
  name: string;
  /** `07:00` */
  start: string;
  end: string;
}

const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const MINUTES_OF_DAY = 1_440;
const MINUTE_MS = 60_000;
const CHINA_OFFSET_MS = 8 * 3_600_000;

/** Everything that is wrong with a plan of shifts; a day of 24 hours that it leaves uncovered is, too. [SH1] */
export function planFaults(found: unknown): string[] {
  if (!Array.isArray(found)) return ['应为列表'];
  const faults = found.flatMap(kindFaults);
  if (faults.length) return faults;
  const plan = found as ShiftKind[];
  for (const field of ['code', 'name'] as const) {
    const values = plan.map((kind) => kind[field]);
    for (const value of new Set(values.filter((each, at) => values.indexOf(each) !== at))) {
      faults.push(`${field} ${value} 重复`);
    }
  }
  return [...faults, ...uncovered(plan).map(([from, to]) => `${from} 至 ${to} 没有班次`)];
}

function kindFaults(entry: unknown, at: number): string[] {
  const { code, name, start, end, ...rest } = (entry ?? {}) as Record<string, unknown>;
  const faults = Object.keys(rest).map((field) => `没有 ${field} 这个字段`);
  if (typeof code !== 'string' || !CODE.test(code)) faults.push('code 应为1到32个字母、数字、_ 或 -');
  if (typeof name !== 'string' || !name.trim()) faults.push('name 不能为空');
  if (typeof start !== 'string' || !TIME.test(start)) faults.push('start 应为 00:00 至 23:59');
  if (typeof end !== 'string' || !TIME.test(end)) faults.push('end 应为 00:00 至 23:59');
  if (faults.length === 0 && start === end) faults.push('start 和 end 不能相同');
  return faults.map((fault) => `第 ${at + 1} 项：${fault}`);
}

function uncovered(plan: readonly ShiftKind[]): [from: string, to: string][] {
  const covered = new Array<boolean>(MINUTES_OF_DAY).fill(false);
  for (const kind of plan) {
    const start = minuteOf(kind.start);
    for (let n = 0; n < minutesOf(kind); n++) covered[(start + n) % MINUTES_OF_DAY] = true;
  }
  const gaps: [string, string][] = [];
  for (let from = covered.indexOf(false); from >= 0;) {
    const next = covered.indexOf(true, from);
    const to = next < 0 ? MINUTES_OF_DAY : next;
    gaps.push([textOf(from), textOf(to)]);
    from = next < 0 ? -1 : covered.indexOf(false, next);
  }
  return gaps;
}

/** When the shift of a day (`2026-11-22`) begins and ends, ms UTC; `undefined`: there is no such day. */
export function shiftTimes(kind: ShiftKind, day: string): { startsAt: number; endsAt: number } | undefined {
  const midnight = instantOf(`${day}T00:00:00+08:00`);
  if (midnight === undefined) return undefined;
  const startsAt = midnight + minuteOf(kind.start) * MINUTE_MS;
  return { startsAt, endsAt: startsAt + minutesOf(kind) * MINUTE_MS };
}

/** The day in China, `2026-11-22`. */
export const chinaDay = (at: number): string => new Date(at + CHINA_OFFSET_MS).toISOString().slice(0, 10);

/** The time of day in China, `15:04`. */
export const chinaTime = (at: number): string => new Date(at + CHINA_OFFSET_MS).toISOString().slice(11, 16);

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const minutesOf = ({ start, end }: ShiftKind): number =>
  (minuteOf(end) - minuteOf(start) + MINUTES_OF_DAY) % MINUTES_OF_DAY;

const textOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

import type { IntakeRequest } from '@minqing-hub/client-sdk/protocol';

/** Where one field of a request comes from: the name of a column, or a rule. */
export type FieldRule =
  | string
  | { value: string | number | boolean }
  | { template: string }
  | {
      column: string;
      /** Of a time without an offset: `YYYY-MM-DD HH:mm:ss`. */
      format?: string;
      /** The source's words → the hub's codes; a word that is not listed is an error. */
      map?: Record<string, string>;
      number?: boolean;
    };

/** How a city's rows become requests: data (`config/replay/*.json`), no code. */
export interface Mapping {
  name: string;
  source: string;
  /** Of the file; a name that TextDecoder knows. */
  encoding: string;
  /** Cells that mean nothing was recorded; an empty cell always does. */
  missing: string[];
  /** `+08:00`, for times without an offset. */
  timeZone: string;
  /** Path in the request (`sourceId`, `place.areaCode`, `labels.pressing`) → rule. */
  fields: Record<string, FieldRule>;
}

export type Row = Readonly<Record<string, string>>;
export type MappedRow =
  { ok: true; request: Partial<IntakeRequest> & { source: string } } | { ok: false; column: string; reason: string };

class RowFault extends Error {
  constructor(
    readonly column: string,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** The row as a request that still has to be validated, or the column that cannot be read and why. */
export function applyMapping(mapping: Mapping, row: Row): MappedRow {
  try {
    const request: Record<string, unknown> = { source: mapping.source };
    for (const [path, rule] of Object.entries(mapping.fields)) {
      const value = fieldValue(mapping, row, rule);
      if (value !== undefined) put(request, path.split('.'), value);
    }
    return { ok: true, request: request as Partial<IntakeRequest> & { source: string } };
  } catch (fault) {
    if (fault instanceof RowFault) return { ok: false, column: fault.column, reason: fault.reason };
    throw fault;
  }
}

/** Every column that the mapping reads: a file without one of them is not the file that it was written for. */
export function columnsOf(mapping: Mapping): string[] {
  const columns = Object.values(mapping.fields).flatMap((rule) => {
    if (typeof rule === 'string') return [rule];
    if ('column' in rule) return [rule.column];
    return 'template' in rule ? [...rule.template.matchAll(PLACEHOLDER)].map((found) => found[1]!) : [];
  });
  return [...new Set(columns)];
}

const PLACEHOLDER = /\{([^{}]+)\}/g;

function fieldValue(mapping: Mapping, row: Row, rule: FieldRule): unknown {
  if (typeof rule === 'string') return cell(mapping, row, rule);
  if ('value' in rule) return rule.value;
  if ('template' in rule) return filled(mapping, row, rule.template);

  const text = cell(mapping, row, rule.column);
  if (text === undefined) return undefined;
  if (rule.map) {
    if (!Object.hasOwn(rule.map, text)) throw new RowFault(rule.column, '对照表中没有这个取值');
    return rule.map[text];
  }
  if (rule.format) return isoTime(rule.column, text, rule.format, mapping.timeZone);
  if (rule.number) {
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw new RowFault(rule.column, '应为数字');
    return Number(text);
  }
  return text;
}

/** `undefined` when nothing was recorded. */
function cell(mapping: Mapping, row: Row, column: string): string | undefined {
  if (!Object.hasOwn(row, column)) throw new RowFault(column, '文件中没有这一列');
  const text = row[column]!.trim();
  return text === '' || mapping.missing.includes(text) ? undefined : text;
}

/** A missing part leaves its place empty; a template of which every part is missing gives nothing. */
function filled(mapping: Mapping, row: Row, template: string): string | undefined {
  let parts = 0;
  let found = 0;
  const text = template.replace(PLACEHOLDER, (_all, column: string) => {
    parts++;
    const part = cell(mapping, row, column);
    if (part !== undefined) found++;
    return part ?? '';
  });
  return parts > 0 && found === 0 ? undefined : text;
}

const TIME_PARTS = { YYYY: 0, MM: 1, DD: 2, HH: 3, mm: 4, ss: 5 } as const;

function isoTime(column: string, text: string, format: string, timeZone: string): string {
  const order: number[] = [];
  const pattern = format.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/YYYY|MM|DD|HH|mm|ss/g, (part) => {
    order.push(TIME_PARTS[part as keyof typeof TIME_PARTS]);
    return part === 'YYYY' ? '(\\d{4})' : '(\\d{1,2})';
  });
  const found = new RegExp(`^${pattern}$`).exec(text);
  if (!found) throw new RowFault(column, `时间应写作 ${format}`);
  const parts = [0, 1, 1, 0, 0, 0];
  order.forEach((place, index) => (parts[place] = Number(found[index + 1])));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const real = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && at.getUTCHours() === hour;
  if (!real || minute > 59 || second > 59) throw new RowFault(column, '没有这个时间');
  return `${at.toISOString().slice(0, 19)}${timeZone}`;
}

function put(target: Record<string, unknown>, path: string[], value: unknown): void {
  const [name, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) target[name] = value;
  else put((target[name] ??= {}) as Record<string, unknown>, rest, value);
}

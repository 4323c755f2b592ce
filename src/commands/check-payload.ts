import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { ok, refuse, type Result } from '../domain/result.js';

/** Half a surrogate pair or a NUL: text that was broken on its way. */
const BROKEN_TEXT = /\p{Surrogate}|\0|\uFFFD/u;
const MAX_DEPTH = 8;

/** The payload as an instance of its class, or what is wrong with which field. What was sent is never repeated back. */
export function checkPayload<P extends object>(type: new () => P, payload: unknown): Result<P> {
  if (!isPlain(payload) || Array.isArray(payload)) {
    return refuse('payload_malformed', '内容应为一个对象', { field: 'payload' });
  }
  const broken = brokenPart(payload, '', 0);
  if (broken) return broken;
  const instance = plainToInstance(type, payload, { enableImplicitConversion: false });
  const faults = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    validationError: { target: false, value: false },
  });
  const first = firstFault(faults, '');
  return first ? refuse('payload_invalid', first.message, { field: first.field }) : ok(instance);
}

/** Binary data and the like have no fields to check, and would pass unseen. */
function isPlain(value: unknown): value is object {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

function brokenPart(value: unknown, path: string, depth: number): Result<never> | undefined {
  if (depth > MAX_DEPTH) return refuse('payload_malformed', '内容嵌套过深', { field: path });
  if (typeof value === 'string' && BROKEN_TEXT.test(value)) {
    return refuse('payload_malformed', '文字编码损坏，请以 UTF-8 重新提交', { field: path || 'payload' });
  }
  if (value === null || typeof value !== 'object') return undefined;
  if (!isPlain(value)) return refuse('payload_malformed', '不接受二进制内容', { field: path });
  for (const name of Object.keys(value)) {
    const field = path ? `${path}.${name}` : name;
    // Every object seems to have these fields, so the check for unknown ones would let them pass.
    if (name in Object.prototype) return refuse('payload_invalid', '没有这个字段', { field });
    const found = brokenPart((value as Record<string, unknown>)[name], field, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function firstFault(faults: ValidationError[], path: string): { field: string; message: string } | undefined {
  for (const { property, constraints, children } of faults) {
    const field = path ? `${path}.${property}` : property;
    if (constraints) {
      const rule = FIRST.find((name) => name in constraints) ?? Object.keys(constraints)[0]!;
      const message = constraints[rule]!;
      return { field, message: rule === 'whitelistValidation' ? '没有这个字段' : chinese(rule, message) };
    }
    const nested = firstFault(children ?? [], field);
    if (nested) return nested;
  }
  return undefined;
}

/** Of several faults of one field the most basic one is told. */
const FIRST = [
  'whitelistValidation',
  'isDefined',
  'isString',
  'isInt',
  'isNumber',
  'isBoolean',
  'isArray',
  'isNotEmpty',
];

/** Chinese for validators whose decorator was given no message of its own. */
const WORDS: Record<string, string> = {
  isString: '应为文字',
  isNotEmpty: '不能为空',
  isInt: '应为整数',
  isNumber: '应为数字',
  isBoolean: '应为是或否',
  isArray: '应为列表',
  isIn: '不在允许的取值之内',
  isUuid: '应为 UUID',
  isISO8601: '应为带时区的 ISO 8601 时间',
  isLatitude: '纬度不对',
  isLongitude: '经度不对',
  nestedValidation: '应为一个对象',
};

function chinese(rule: string, message: string): string {
  if (/[\u4e00-\u9fff]/.test(message)) return message;
  const limit = /(\d+)/.exec(message)?.[1];
  if (rule === 'maxLength') return `不能超过 ${limit} 个字`;
  if (rule === 'minLength') return `不能少于 ${limit} 个字`;
  if (rule === 'min') return `不能小于 ${limit}`;
  if (rule === 'max') return `不能大于 ${limit}`;
  if (rule === 'arrayMaxSize') return `不能多于 ${limit} 项`;
  return WORDS[rule] ?? '不符合要求';
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationFault } from './configuration-fault.js';
import { didYouMean } from './did-you-mean.js';
import {
  type Choice,
  type ChoiceKey,
  type LimitKey,
  type NumberKey,
  POLICY_KEYS,
  type PolicyForm,
  type PolicyKey,
} from './policy-keys.js';

export type PolicyValue = number | string;

/** One entry of `config/policy.json`. A city changes `value`; `default` is what the rule book says. */
export interface PolicyEntry {
  value: PolicyValue;
  unit: Unit;
  default: PolicyValue;
  /** One sentence, Chinese. */
  sentence: string;
  /** The clause of docs/rules.md that this value tunes. */
  clause: string;
}

const UNITS = ['ms', 's', 'min', 'h', 'day', 'workday', 'count', 'ratio', 'bytes', 'choice'] as const;
export type Unit = (typeof UNITS)[number];

/** A limit's unit is its basis as well: by the clock, natural days, workdays. */
export const LIMIT_UNITS = ['min', 'h', 'day', 'workday'] as const satisfies readonly Unit[];
export type LimitUnit = (typeof LIMIT_UNITS)[number];

/** A value in force, as the database knows it: under which version of the policy. Of a limit the unit is decided, too. */
export interface HeldValue {
  value: PolicyValue;
  unit: string;
  version: number;
}

/**
 * What a city has decided. Inject this class; nothing else reads `config/policy.json`. It begins with the file, checked
 * once at the start; what commands set stands above that and comes in while the hub runs (`src/policy/live-policy.ts`).
 * So ask each time, and keep no value. [PC1]
 */
export class Policy {
  private readonly held = new Map<PolicyKey, HeldValue>();
  private newest = 0;

  /** `entries`: the file. */
  constructor(readonly entries: Readonly<Record<PolicyKey, PolicyEntry>>) {}

  /** In the unit that the entry names, which is also the key's or its sentence's. */
  number(key: NumberKey): number {
    return this.value(key) as number;
  }

  /** How long something may take, and in what unit. */
  limit(key: LimitKey): { amount: number; unit: LimitUnit } {
    const { value, unit } = this.held.get(key) ?? this.entries[key];
    return { amount: value as number, unit: unit as LimitUnit };
  }

  choice<N extends ChoiceKey>(key: N): Choice<N> {
    return this.value(key) as Choice<N>;
  }

  value(key: PolicyKey): PolicyValue {
    return this.held.get(key)?.value ?? this.entries[key].value;
  }

  /** Goes up with every change that comes into force; 0 until the database has been read. [PC4] */
  get version(): number {
    return this.newest;
  }

  /** For who follows the log alone. Older news of a key, and what this program does not understand, changes nothing. [PC4] */
  hold(key: string, held: HeldValue): void {
    this.newest = Math.max(this.newest, held.version);
    if (!isPolicyKey(key) || (this.held.get(key)?.version ?? -1) >= held.version) return;
    if (this.fault(key, held.value, held.unit) === undefined) this.held.set(key, held);
  }

  /** Another one: as this is now, but for the policy `key`, which is as a change made it, whatever came after. [PC6] */
  asChanged(key: string, held: HeldValue): Policy {
    const other = new Policy(this.entries);
    other.hold(key, held);
    for (const [one, now] of this.held) if (!other.held.has(one)) other.held.set(one, now);
    other.newest = held.version;
    return other;
  }

  /** For who follows the log alone, when it is another log: what this one does not say was never decided. [PC4] */
  holdOnly(held: readonly (HeldValue & { key: string })[]): void {
    this.held.clear();
    this.newest = 0;
    for (const { key, value, unit, version } of held) this.hold(key, { value, unit, version });
  }

  /** Why a policy may not have this value: which field is wrong, and what it should be instead, Chinese. [PC2] */
  fault(key: PolicyKey, value: unknown, unit: string): { field: 'value' | 'unit'; text: string } | undefined {
    const form: PolicyForm = POLICY_KEYS[key];
    const own = this.entries[key].unit;
    if (form.kind === 'limit' ? !fitsUnit(form, unit) : unit !== own) {
      const units = form.kind === 'limit' ? unitsFor(form).join('、') : own;
      return { field: 'unit', text: `单位应为 ${units}${form.kind === 'limit' ? ' 之一' : ''}` };
    }
    return fits(form, value, unit) ? undefined : { field: 'value', text: `应为 ${wording(form, unit)}` };
  }
}

export const isPolicyKey = (key: string): key is PolicyKey => Object.hasOwn(POLICY_KEYS, key);

/** The key that was probably meant. */
export const meantKey = (key: string): string | undefined => didYouMean(key, Object.keys(POLICY_KEYS));

/**
 * Reads `policy.json` of a configuration directory; `changes` stand above its values (tests, trials).
 * @throws {ConfigurationFault} with every fault at once.
 */
export function readPolicy(configDir: string, changes: Partial<Record<PolicyKey, PolicyValue>> = {}): Policy {
  const found = parse(join(configDir, 'policy.json'));
  for (const [key, value] of Object.entries(changes)) found[key] = { ...(found[key] as PolicyEntry), value };
  const keys = Object.keys(POLICY_KEYS) as PolicyKey[];
  const faults = [...unknownKeys(found, keys), ...keys.flatMap((key) => faultsOf(key, found[key]))];
  if (faults.length) throw new ConfigurationFault(faults);
  return new Policy(found as Record<PolicyKey, PolicyEntry>);
}

function parse(file: string): Record<string, unknown> {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigurationFault([
      error instanceof SyntaxError ? 'policy.json：不是正确的 JSON' : 'policy.json：无法读取（HUB_CONFIG_DIR）',
    ]);
  }
  if (found === null || typeof found !== 'object' || Array.isArray(found)) {
    throw new ConfigurationFault(['policy.json：应为一个对象']);
  }
  return { ...found };
}

function unknownKeys(found: Record<string, unknown>, keys: readonly string[]): string[] {
  return Object.keys(found)
    .filter((key) => !keys.includes(key))
    .map((key) => {
      const meant = didYouMean(key, keys);
      return `政策 ${key}：没有这一项（src/config/policy-keys.ts）${meant ? `，是否指 ${meant}` : ''}`;
    });
}

const ENTRY_FIELDS = ['value', 'unit', 'default', 'sentence', 'clause'];

function faultsOf(key: PolicyKey, entry: unknown): string[] {
  if (entry === undefined) return [`政策 ${key}：缺少这一项`];
  if (entry === null || typeof entry !== 'object') return [`政策 ${key}：应为一个对象`];
  const { value, unit, default: standard, sentence, clause, ...rest } = entry as Record<string, unknown>;
  const form: PolicyForm = POLICY_KEYS[key];
  const faults: string[] = Object.keys(rest).map(
    (name) =>
      `没有 ${name} 这个字段${didYouMean(name, ENTRY_FIELDS) ? `，是否指 ${didYouMean(name, ENTRY_FIELDS)}` : ''}`,
  );
  if (!fits(form, value, unit)) faults.push(`value 应为 ${wording(form, unit)}`);
  if (!fits(form, standard, unit)) faults.push(`default 应为 ${wording(form, unit)}`);
  if (!fitsUnit(form, unit)) faults.push(`unit 应为 ${unitsFor(form).join('、')} 之一`);
  if (typeof sentence !== 'string' || !sentence.trim()) faults.push('sentence 应为一句话');
  if (typeof clause !== 'string' || !/^[A-Z]+\d+[a-z]?$/.test(clause)) faults.push('clause 应为规则条款编号');
  return faults.map((fault) => `政策 ${key}：${fault}`);
}

function fits(form: PolicyForm, value: unknown, unit: unknown): boolean {
  switch (form.kind) {
    case 'number':
    case 'limit':
      if (typeof value !== 'number' || !(value >= form.min && value <= mostOf(form, unit))) return false;
      return Number.isInteger(value) || !isWhole(unit);
    case 'choice':
      return form.options.includes(value as string);
  }
}

/** Times are kept in whole ms, and nobody has half a seat: only a ratio lies between whole numbers. */
export const isWhole = (unit: unknown): boolean => unit !== 'ratio' && UNITS.includes(unit as Unit);

/** A limit has its bound by what it is counted in; a unit that it cannot have is a fault of its own. [PC2] */
function mostOf(form: Exclude<PolicyForm, { kind: 'choice' }>, unit: unknown): number {
  if (form.kind === 'number') return form.max;
  return isLimitUnit(unit) ? form.most[unit] : Math.max(...Object.values(form.most));
}

const isLimitUnit = (unit: unknown): unit is LimitUnit => LIMIT_UNITS.includes(unit as LimitUnit);
const LIMIT_UNIT_WORDS: Record<LimitUnit, string> = { min: '分钟', h: '小时', day: '天', workday: '个工作日' };

function wording(form: PolicyForm, unit: unknown): string {
  switch (form.kind) {
    case 'number':
      return `${form.min} 到 ${form.max} 的${isWhole(unit) ? '整数' : '数'}`;
    case 'limit':
      return `${form.min} 到 ${mostOf(form, unit)} 的整数${isLimitUnit(unit) ? `（${LIMIT_UNIT_WORDS[unit]}）` : ''}`;
    case 'choice':
      return form.options.join(' 或 ');
  }
}

function unitsFor(form: PolicyForm): readonly Unit[] {
  switch (form.kind) {
    case 'number':
      return UNITS.filter((unit) => unit !== 'choice');
    case 'limit':
      return LIMIT_UNITS;
    case 'choice':
      return ['choice'];
  }
}

const fitsUnit = (form: PolicyForm, unit: unknown): boolean => unitsFor(form).includes(unit as Unit);

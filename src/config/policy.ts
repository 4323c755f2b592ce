import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationFault } from './configuration-fault.js';
import { didYouMean } from './did-you-mean.js';
import {
  type Choice,
  type ChoiceKey,
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

/** What a city has decided, checked once at the start. Inject this class; nothing else reads `config/policy.json`. */
export class Policy {
  constructor(readonly entries: Readonly<Record<PolicyKey, PolicyEntry>>) {}

  /** In the unit that the entry names, which is also the key's or its sentence's. */
  number(key: NumberKey): number {
    return this.entries[key].value as number;
  }

  choice<N extends ChoiceKey>(key: N): Choice<N> {
    return this.entries[key].value as Choice<N>;
  }
}

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
  if (!fits(form, value)) faults.push(`value 应为 ${wording(form)}`);
  if (!fits(form, standard)) faults.push(`default 应为 ${wording(form)}`);
  if (!fitsUnit(form, unit)) faults.push(`unit 应为 ${unitsFor(form).join('、')} 之一`);
  if (typeof sentence !== 'string' || !sentence.trim()) faults.push('sentence 应为一句话');
  if (typeof clause !== 'string' || !/^[A-Z]+\d+[a-z]?$/.test(clause)) faults.push('clause 应为规则条款编号');
  return faults.map((fault) => `政策 ${key}：${fault}`);
}

function fits(form: PolicyForm, value: unknown): boolean {
  switch (form.kind) {
    case 'number':
      return typeof value === 'number' && value >= form.min && value <= form.max;
    case 'choice':
      return form.options.includes(value as string);
  }
}

function wording(form: PolicyForm): string {
  switch (form.kind) {
    case 'number':
      return `${form.min} 到 ${form.max} 的数`;
    case 'choice':
      return form.options.join(' 或 ');
  }
}

function unitsFor(form: PolicyForm): readonly Unit[] {
  return form.kind === 'number' ? UNITS.filter((unit) => unit !== 'choice') : [form.kind];
}

const fitsUnit = (form: PolicyForm, unit: unknown): boolean => unitsFor(form).includes(unit as Unit);

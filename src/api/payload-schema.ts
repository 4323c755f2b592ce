import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import type { Schema } from './schema.js';

type PayloadClass = new () => object;
type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** What a rule says of a value, in the words of JSON Schema. `at` gives what the rule was made with. */
const WORDS: Readonly<Record<string, (at: readonly unknown[]) => Schema>> = {
  isString: () => ({ type: 'string' }),
  isNotEmpty: () => ({ minLength: 1 }),
  isLength: ([min, max]) => ({ type: 'string', minLength: min as number, maxLength: max as number }),
  minLength: ([min]) => ({ minLength: min as number }),
  maxLength: ([max]) => ({ type: 'string', maxLength: max as number }),
  matches: ([form]) => ({ type: 'string', pattern: (form as RegExp).source }),
  isUuid: () => ({ type: 'string', format: 'uuid' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  min: ([min]) => ({ minimum: min as number }),
  max: ([max]) => ({ maximum: max as number }),
  isBoolean: () => ({ type: 'boolean' }),
  isIn: ([values]) => ({ type: typeof (values as unknown[])[0], enum: values as string[] }),
  notEquals: ([value]) => ({ not: { const: value as string } }),
  isArray: () => ({ type: 'array' }),
  arrayMaxSize: ([max]) => ({ maxItems: max as number }),
  arrayMinSize: ([min]) => ({ minItems: min as number }),
  arrayUnique: () => ({ uniqueItems: true }),
  isObject: () => ({ type: 'object' }),
  isLatitude: () => ({ type: 'number', minimum: -90, maximum: 90 }),
  isLongitude: () => ({ type: 'number', minimum: -180, maximum: 180 }),
  // Our own:
  isNumeric: () => ({ type: 'number' }),
  isInstant: () => ({ type: 'string', format: 'date-time' }),
  isDay: () => ({ type: 'string', format: 'date' }),
  isPolicyValue: () => ({ anyOf: [{ type: 'number' }, { type: 'string', maxLength: 64 }] }),
  isPhone: () => ({ type: 'string', format: 'phone' }),
  isKnowledgeRef: () => ({ type: 'string' }),
  isPersonId: () => ({ type: 'string', format: 'id-number' }),
  hasWords: () => ({ type: 'string', minLength: 1 }),
};

/**
 * What a payload must look like, read from the decorators that check it: the document cannot ask for anything else than
 * the code.
 * @throws when a rule has no words here
 */
export function payloadSchema(type: PayloadClass): Schema {
  const rules = new Map<string, Rule[]>();
  for (const rule of getMetadataStorage().getTargetValidationMetadatas(type, '', false, false)) {
    rules.set(rule.propertyName, [...(rules.get(rule.propertyName) ?? []), rule]);
  }
  const fields = [...rules];
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, mine]) => [name, fieldSchema(type, name, mine)])),
    required: fields.filter(([, mine]) => !mine.some(isCondition)).map(([name]) => name),
    additionalProperties: false,
  };
}

const isCondition = (rule: Rule): boolean => rule.type === 'conditionalValidation';
const isNested = (rule: Rule): boolean => rule.type === 'nestedValidation';

function fieldSchema(type: PayloadClass, name: string, rules: readonly Rule[]): Schema {
  const many = rules.some((rule) => rule.each) || rules.some((rule) => rule.name === 'isArray');
  const said = (each: boolean) =>
    rules
      .filter((rule) => !isCondition(rule) && !isNested(rule) && Boolean(rule.each) === each)
      .map((rule) => words(type, rule))
      .reduce(and, {});
  const inner = rules.some(isNested) ? payloadSchema(classWithin(type, name, many)) : undefined;
  const one = many ? { ...said(false), type: 'array', items: inner ?? said(true) } : (inner ?? said(false));
  return rules.some(isCondition) && takesNull(type, name) ? orNull(one) : one;
}

/** Two forms that both must hold stand side by side. */
function and(all: Schema, one: Schema): Schema {
  if (all.pattern === undefined || one.pattern === undefined) return { ...all, ...one };
  const { pattern, ...rest } = one;
  return { ...all, ...rest, allOf: [...(all.allOf ?? []), { pattern }] };
}

function words(type: PayloadClass, { name, constraints, propertyName }: Rule): Schema {
  const spoken = WORDS[name ?? ''];
  if (!spoken) throw new Error(`no words for the rule ${name} of ${type.name}.${propertyName} (payload-schema.ts)`);
  return spoken((constraints as unknown[] | undefined) ?? []);
}

/** What `@Type` names, without asking its library for what it keeps to itself. */
function classWithin(type: PayloadClass, name: string, many: boolean): PayloadClass {
  const filled = plainToInstance(type, { [name]: many ? [{}] : {} }) as Record<string, object | object[]>;
  return [filled[name]].flat()[0]!.constructor as PayloadClass;
}

/** `null` means something of its own there, or as much as nothing. */
function takesNull(type: PayloadClass, name: string): boolean {
  return (plainToInstance(type, { [name]: null }) as Record<string, unknown>)[name] === null;
}

function orNull(schema: Schema): Schema {
  if (typeof schema.type !== 'string' || schema.enum) return { anyOf: [schema, { type: 'null' }] };
  return { ...schema, type: [schema.type, 'null'] };
}

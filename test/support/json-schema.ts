import fc from 'fast-check';
import type { Schema } from '../../src/api/schema.js';

export type Schemas = Readonly<Record<string, Schema>>;

const within = (schema: Schema, schemas: Schemas): Schema =>
  schema.$ref ? within(schemas[schema.$ref.split('/').at(-1)!]!, schemas) : schema;

/** What of a value its schema does not say, and what it says otherwise; each with its path. A field that is not described is one. */
export function faultsOf(given: Schema, value: unknown, schemas: Schemas, path = '$'): string[] {
  const schema = within(given, schemas);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) {
    const each = choices.map((choice) => faultsOf(choice, value, schemas, path));
    // The choice that comes nearest tells most.
    return each.sort((a, b) => a.length - b.length)[0] ?? [];
  }
  if (schema.const !== undefined) return value === schema.const ? [] : [`${path} is not ${String(schema.const)}`];
  if (schema.enum) return schema.enum.includes(value as string) ? [] : [`${path} is none of ${schema.enum.join()}`];
  if (schema.type === undefined) return [];
  if (![schema.type].flat().includes(typeOf(value))) return [`${path} is ${typeOf(value)}, not ${String(schema.type)}`];
  if (Array.isArray(value)) {
    return value.flatMap((one, i) => faultsOf(schema.items ?? {}, one, schemas, `${path}[${i}]`));
  }
  if (typeof value === 'object' && value !== null) return objectFaults(schema, value, schemas, path);
  return [];
}

function objectFaults(schema: Schema, value: object, schemas: Schemas, path: string): string[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const missing = required.filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`);
  const found = Object.entries(value).flatMap(([name, one]) => {
    const at = `${path}.${name}`;
    if (properties[name]) return faultsOf(properties[name], one, schemas, at);
    if (typeof additionalProperties === 'object') return faultsOf(additionalProperties, one, schemas, at);
    return schema.properties ? [`${at} is not described`] : [];
  });
  return [...missing, ...found];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** Values that the schema allows. `formats`: such as only a list of examples can give. */
export function valuesOf(schema: Schema, formats: Readonly<Record<string, readonly unknown[]>>): fc.Arbitrary<unknown> {
  const { anyOf, format } = schema;
  if (anyOf) return fc.oneof(...anyOf.map((one) => valuesOf(one, formats)));
  if (Array.isArray(schema.type)) {
    return fc.oneof(...(schema.type as string[]).map((type) => valuesOf({ ...schema, type }, formats)));
  }
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.type === 'null') return fc.constant(null);
  if (format) return fc.constantFrom(...formats[format]!);
  if (schema.pattern !== undefined) return matching(schema);
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'string') return words(schema.minLength ?? 0, Math.min(schema.maxLength ?? 40, 40));
  if (schema.type === 'integer') return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000_000 });
  if (schema.type === 'number') {
    return fc.double({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000, noNaN: true });
  }
  if (schema.type === 'array') {
    const one = valuesOf(schema.items ?? {}, formats);
    // By which of their fields two things count as the same, a schema does not say.
    const most = schema.uniqueItems && schema.items?.type === 'object' ? 1 : 5;
    const bounds = { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 5, most) };
    return schema.uniqueItems ? fc.uniqueArray(one, { ...bounds, comparator: 'SameValue' }) : fc.array(one, bounds);
  }
  if (schema.type === 'object') {
    const fields = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, valuesOf(one, formats)]);
    const model = Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>;
    return fc.record(model, { requiredKeys: [...(schema.required ?? [])], noNullPrototype: true });
  }
  throw new Error(`nothing is known of values like ${JSON.stringify(schema)}`);
}

/** No blanks at the ends, nothing broken: such are free text's own matter. */
const words = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...'路面积水噪声扰民abcxyz0189'), {
      minLength: Math.max(min, 1),
      maxLength: Math.max(max, 1),
    })
    .map((letters) => letters.join(''));

/** Texts of many kinds; those that a pattern allows are tried. */
const TEXTS = [
  'a',
  'S1',
  'out_of_scope',
  'GD20260105-000001',
  '0123456789abcdef',
  '13900000001',
  '路面积水，雨天难行',
  'A-b.c',
];

function matching({ pattern, allOf = [], minLength = 0, maxLength = Infinity }: Schema): fc.Arbitrary<string> {
  const forms = [pattern!, ...allOf.map((one) => one.pattern!)].map((form) => new RegExp(form, 'u'));
  const fitting = TEXTS.filter(
    (text) => forms.every((form) => form.test(text)) && text.length >= minLength && text.length <= maxLength,
  );
  if (fitting.length === 0) throw new Error(`none of the texts here is like ${pattern}`);
  return fc.constantFrom(...fitting);
}

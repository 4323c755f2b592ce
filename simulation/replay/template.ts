import type { Row } from '../../src/domain/intake/mapping.js';

/** `{COLUMN}-{COLUMN}`. Unlike in a mapping's fields, one missing part makes the whole missing: it names something. */
export type Template = string;

const PLACEHOLDER = /\{([^{}]+)\}/g;

/** `undefined` when a part was not recorded. */
export function filled(template: Template, row: Row, missing: readonly string[]): string | undefined {
  let whole = true;
  const text = template.replace(PLACEHOLDER, (_all, column: string) => {
    const cell = (row[column] ?? '').trim();
    if (cell === '' || missing.includes(cell)) whole = false;
    return cell;
  });
  return whole ? text : undefined;
}

export const columnsIn = (template: Template): string[] => [...template.matchAll(PLACEHOLDER)].map(([, name]) => name!);

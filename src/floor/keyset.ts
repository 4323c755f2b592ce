import type { SqlValue } from '../storage/unit-of-work.js';

export interface Condition {
  sql: string;
  params: SqlValue[];
}

/**
 * Rows that come after `values` in the order of these columns, all ascending: (a > ?) OR (a = ? AND b > ?) …
 * `undefined` when there are not as many values as columns: the cursor is that of another list.
 */
export function after(columns: readonly string[], values: readonly SqlValue[]): Condition | undefined {
  if (columns.length !== values.length) return undefined;
  const steps = columns.map((column, i) => ({
    sql: [...columns.slice(0, i).map((equal) => `${equal} = ?`), `${column} > ?`].join(' AND '),
    params: values.slice(0, i + 1),
  }));
  return { sql: `(${steps.map(({ sql }) => `(${sql})`).join(' OR ')})`, params: steps.flatMap(({ params }) => params) };
}

export const all = (conditions: readonly Condition[]): Condition => ({
  sql: conditions.map(({ sql }) => sql).join(' AND '),
  params: conditions.flatMap(({ params }) => params),
});

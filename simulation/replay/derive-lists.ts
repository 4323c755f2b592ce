import type { CatalogueRow, UnitRow } from '@minqing-hub/client-sdk/protocol';
import type { Row } from '../../src/domain/intake/mapping.js';
import type { ReplayMapping } from './replay-mapping.js';
import { filled, type Template } from './template.js';

/** Names (or parents) that rows give one thing: the most frequent counts, of equally frequent ones the latest. */
class Sayings {
  private readonly said = new Map<string, { times: number; last: number }>();
  private turn = 0;

  hear(text: string): void {
    const { times } = this.said.get(text) ?? { times: 0 };
    this.said.set(text, { times: times + 1, last: (this.turn += 1) });
  }

  get best(): string | undefined {
    return [...this.said].sort(([, a], [, b]) => b.times - a.times || b.last - a.last)[0]?.[0];
  }
}

interface Heard<S> {
  source: S;
  name: Sayings;
  parent: Sayings;
  area: Sayings;
}

/** Units and areas that the file names, by the mapping's recipe. Sorted by id. */
export function unitsIn(rows: Iterable<Row>, { replay, missing }: ReplayMapping): UnitRow[] {
  const heard = hear(rows, replay.units, missing, ({ unitId, name, parentId, areaCode }) => ({
    id: unitId,
    name,
    parent: parentId,
    area: areaCode,
  }));
  return sorted(heard, ([unitId, { source, name, parent, area }]) => ({
    unitId,
    name: name.best ?? unitId,
    type: source.type,
    level: source.level,
    parentId: parent.best !== undefined && heard.has(parent.best) ? parent.best : null,
    areaCode: area.best ?? null,
    areaType: area.best === undefined ? null : (source.areaType ?? null),
    active: true,
  }));
}

/** Matters that the file names. Sorted by code. */
export function catalogueIn(rows: Iterable<Row>, { replay, missing }: ReplayMapping): CatalogueRow[] {
  const heard = hear(rows, replay.catalogue, missing, ({ code, name, parentCode }) => ({
    id: code,
    name,
    parent: parentCode,
    area: undefined,
  }));
  return sorted(heard, ([code, { name, parent }]) => ({
    code,
    name: name.best ?? code,
    parentCode: parent.best !== undefined && heard.has(parent.best) ? parent.best : null,
    publishable: true,
    active: true,
  }));
}

type Recipe = { id: Template; name: Template; parent: Template | undefined; area: Template | undefined };

function hear<S>(
  rows: Iterable<Row>,
  sources: readonly S[],
  missing: readonly string[],
  recipeOf: (source: S) => Recipe,
): Map<string, Heard<S>> {
  const heard = new Map<string, Heard<S>>();
  for (const row of rows) {
    for (const source of sources) {
      const recipe = recipeOf(source);
      const id = filled(recipe.id, row, missing);
      if (id === undefined) continue;
      let thing = heard.get(id);
      if (!thing) heard.set(id, (thing = { source, name: new Sayings(), parent: new Sayings(), area: new Sayings() }));
      for (const part of ['name', 'parent', 'area'] as const) {
        const template = recipe[part];
        const text = template === undefined ? undefined : filled(template, row, missing);
        if (text !== undefined) thing[part].hear(text);
      }
    }
  }
  return heard;
}

const sorted = <S, R>(heard: Map<string, Heard<S>>, rowOf: (entry: [string, Heard<S>]) => R): R[] =>
  [...heard].sort(([a], [b]) => (a < b ? -1 : 1)).map(rowOf);

/** The list that is in force with the file's rows in place of those of the same id: nothing else is lost. */
export function merged<R>(inForce: readonly R[], found: readonly R[], idOf: (row: R) => string): R[] {
  const rows = new Map([...inForce, ...found].map((row) => [idOf(row), row]));
  return [...rows.values()].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

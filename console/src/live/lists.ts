import type { CatalogueRow, UnitRow } from '@minqing-hub/client-sdk/protocol';
import { computed, inject, shallowRef, type ComputedRef, type InjectionKey } from 'vue';
import { calls, type Channel, type Hub } from '../hub';
import { channelWords } from '../words';

/** A node of a tree or cascader. */
export type TreeNode = {
  value: string;
  label: string;
  disabled?: boolean;
  children?: TreeNode[];
};

/** The lists that give codes their names. Pulled once, and again when a code turns up that nobody knows (a new version came). */
export interface Lists {
  load: () => Promise<void>;
  units: ComputedRef<ReadonlyMap<string, UnitRow>>;
  unitTree: ComputedRef<TreeNode[]>;
  areaTree: ComputedRef<TreeNode[]>;
  catalogueTree: ComputedRef<TreeNode[]>;
  channels: ComputedRef<Channel[]>;
  unitName: (unitId: string | null | undefined) => string;
  areaName: (areaCode: string | null | undefined) => string;
  catalogueName: (code: string | null | undefined) => string;
  cataloguePath: (code: string | null | undefined) => string;
  channelName: (code: string) => string;
}

export const listsKey: InjectionKey<Lists> = Symbol('lists');

export function useLists(): Lists {
  const lists = inject(listsKey);
  if (!lists) throw new Error('useLists outside of a logged-in page');
  return lists;
}

interface Nested {
  id: string;
  parentId: string | null;
  label: string;
  usable: boolean;
}

/** A parent that is missing or closed does not hide its children: they stand at the top. */
function toTree(rows: readonly Nested[]): TreeNode[] {
  const nodes = new Map<string, TreeNode>(
    rows.map((row) => [row.id, { value: row.id, label: row.label, ...(row.usable ? {} : { disabled: true }) }]),
  );
  const top: TreeNode[] = [];
  for (const row of rows) {
    const node = nodes.get(row.id);
    const parent = row.parentId === null || row.parentId === row.id ? undefined : nodes.get(row.parentId);
    if (!node) continue;
    if (parent) (parent.children ??= []).push(node);
    else top.push(node);
  }
  return top;
}

/** How long a code that nobody knows keeps us from asking again (ms). */
const ASK_AGAIN_AFTER = 30_000;

export function createLists(hub: Hub): Lists {
  const unitRows = shallowRef<UnitRow[]>([]);
  const catalogueRows = shallowRef<CatalogueRow[]>([]);
  const channelRows = shallowRef<Channel[]>([]);
  let asked = -Infinity;

  async function load(): Promise<void> {
    asked = performance.now();
    const [units, catalogue, channels] = await Promise.all([
      calls.units(hub),
      calls.catalogue(hub),
      calls.channels(hub),
    ]);
    unitRows.value = units;
    catalogueRows.value = catalogue;
    channelRows.value = channels;
  }

  /** A name that is not there yet: show the code, and look whether there is a newer list. */
  function unknown(code: string): string {
    if (unitRows.value.length > 0 && performance.now() - asked > ASK_AGAIN_AFTER) {
      asked = performance.now();
      load().catch(() => undefined);
    }
    return code;
  }

  const units = computed(() => new Map(unitRows.value.map((row) => [row.unitId, row])));
  const areas = computed(
    () => new Map(unitRows.value.flatMap((row) => (row.areaCode === null ? [] : [[row.areaCode, row] as const]))),
  );
  const catalogue = computed(() => new Map(catalogueRows.value.map((row) => [row.code, row])));

  const unitTree = computed(() =>
    toTree(
      unitRows.value
        .filter((row) => row.active)
        .map((row) => ({ id: row.unitId, parentId: row.parentId, label: row.name, usable: true })),
    ),
  );

  const areaTree = computed(() => {
    const withArea = unitRows.value.filter((row) => row.active && row.areaCode !== null);
    const areaOf = (unitId: string | null): string | null => {
      for (let row = unitId === null ? undefined : units.value.get(unitId); row;) {
        if (row.areaCode !== null) return row.areaCode;
        row = row.parentId === null ? undefined : units.value.get(row.parentId);
      }
      return null;
    };
    const first = new Map(withArea.map((row) => [row.areaCode as string, row]));
    return toTree(
      [...first.values()].map((row) => ({
        id: row.areaCode as string,
        parentId: areaOf(row.parentId),
        label: row.name,
        usable: true,
      })),
    );
  });

  const catalogueTree = computed(() =>
    toTree(
      catalogueRows.value
        .filter((row) => row.active)
        .map((row) => ({ id: row.code, parentId: row.parentCode, label: row.name, usable: true })),
    ),
  );

  return {
    load,
    units,
    unitTree,
    areaTree,
    catalogueTree,
    channels: computed(() => channelRows.value),
    unitName: (unitId) => (unitId ? (units.value.get(unitId)?.name ?? unknown(unitId)) : '未定'),
    areaName: (areaCode) => (areaCode ? (areas.value.get(areaCode)?.name ?? unknown(areaCode)) : '无地点'),
    catalogueName: (code) => (code ? (catalogue.value.get(code)?.name ?? unknown(code)) : '未归类'),
    cataloguePath: (code) => {
      if (!code) return '未归类';
      const names: string[] = [];
      const seen = new Set<string>();
      for (let row = catalogue.value.get(code); row && !seen.has(row.code);) {
        seen.add(row.code);
        names.unshift(row.name);
        row = row.parentCode === null ? undefined : catalogue.value.get(row.parentCode);
      }
      return names.length > 0 ? names.join(' / ') : unknown(code);
    },
    channelName: (code) => channelRows.value.find((row) => row.code === code)?.name ?? channelWords[code] ?? code,
  };
}

import type { OrderCard, StubOrderCard } from '@minqing-hub/client-sdk/protocol';
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { groupOf, sortedByDue, type ClockGroup } from './order-clocks';
import { useTurned } from './use-turned';

type Row = OrderCard | StubOrderCard;

export interface ClockedList<S extends string> {
  group: ShallowRef<ClockGroup | null>;
  sort: ShallowRef<S | 'due'>;
  counts: ComputedRef<Record<ClockGroup, number>>;
  shown: ComputedRef<Row[]>;
}

/** A list of orders that can be narrowed to how their clocks stand. What runs out first stands first, unless asked otherwise. */
export function useClocked<S extends string>(
  rows: () => readonly Row[],
  others: Record<S, (a: Row, b: Row) => number>,
): ClockedList<S> {
  const group: ShallowRef<ClockGroup | null> = shallowRef(null);
  const sort: ShallowRef<S | 'due'> = shallowRef('due');
  const turned = useTurned(rows);
  const grouped = computed(() => rows().map((row) => ({ row, group: groupOf(row, turned.value) })));
  const counts = computed(() => {
    const found: Record<ClockGroup, number> = { overdue: 0, amber: 0, ok: 0, none: 0 };
    for (const one of grouped.value) found[one.group] += 1;
    return found;
  });
  const shown = computed(() => {
    const chosen = grouped.value.filter((one) => group.value === null || one.group === group.value);
    const before = sort.value === 'due' ? undefined : others[sort.value];
    return sortedByDue(
      chosen.map(({ row }) => row),
      before,
    );
  });
  return { group, sort, counts, shown };
}

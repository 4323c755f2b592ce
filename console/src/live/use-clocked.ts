import type { OrderCard, StubOrderCard } from '@minqing-hub/client-sdk/protocol';
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { byNextDue, groupOf, type ClockGroup } from './order-clocks';

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
  const grouped = computed(() => rows().map((row) => ({ row, group: groupOf(row) })));
  const counts = computed(() => {
    const found: Record<ClockGroup, number> = { overdue: 0, amber: 0, ok: 0, none: 0 };
    for (const one of grouped.value) found[one.group] += 1;
    return found;
  });
  const order = (a: Row, b: Row): number => {
    const chosen = sort.value === 'due' ? 0 : others[sort.value](a, b);
    return chosen || byNextDue(a, b) || (a.orderNo < b.orderNo ? -1 : 1);
  };
  const shown = computed(() =>
    grouped.value
      .filter((one) => group.value === null || one.group === group.value)
      .map(({ row }) => row)
      .sort(order),
  );
  return { group, sort, counts, shown };
}

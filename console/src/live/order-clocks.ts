import type { ClockName, ClockSignal, ClockView } from '@minqing-hub/client-sdk/protocol';

/**
 * How a clock looks. It follows what the hub has said of it, so that all consoles turn at the same moment, and the hub's
 * time where the hub says no more. `late`: for a workday and more. `done`: it ran out, and is over, or is a window that has
 * closed.
 */
export type ClockLight = 'ok' | 'amber' | 'overdue' | 'late' | 'paused' | 'done';

const BY_SIGNAL: Record<ClockSignal, ClockLight> = {
  amber: 'amber',
  overdue: 'overdue',
  overdue_1wd: 'late',
  overdue_3wd: 'late',
};

/** Something may be done until they end; nobody has to. */
const WINDOWS: readonly ClockName[] = ['OBJECTION', 'EVALUATION'];

/** A window that closes is nothing that anybody owes: it is told, but makes no order late. */
export const isOwed = ({ clock }: Pick<ClockView, 'clock'>): boolean => !WINDOWS.includes(clock);

export const isOpen = ({ state }: Pick<ClockView, 'state'>): boolean => state === 'running' || state === 'paused';

/** [CK10] Amber was said of an earlier due, and is not said again: it shows from its time on. */
const turnsByItself = ({ state, signal, warned }: Pick<ClockView, 'state' | 'signal' | 'warned'>): boolean =>
  state === 'running' && signal === null && warned === true;

/** `now`: by the hub's time, ms UTC. */
export function lightOf(
  clock: Pick<ClockView, 'clock' | 'state' | 'signal' | 'warned' | 'amberAt'>,
  now: number,
): ClockLight {
  const { state, signal, amberAt } = clock;
  if (!isOpen(clock)) return 'done';
  if (signal !== null && signal !== 'amber') return isOwed(clock) ? BY_SIGNAL[signal] : 'done';
  if (state === 'paused') return 'paused';
  if (turnsByItself(clock)) return amberAt !== null && now >= amberAt ? 'amber' : 'ok';
  return signal === null ? 'ok' : 'amber';
}

/** What has clocks; cards of before they existed have none. */
export interface Clocked {
  clocks?: readonly ClockView[];
}

const owed = ({ clocks }: Clocked): ClockView[] => (clocks ?? []).filter((one) => isOpen(one) && isOwed(one));

/** The groups that a list of orders can be narrowed to, the loudest first. `none`: nothing runs that anybody owes. */
export type ClockGroup = 'overdue' | 'amber' | 'ok' | 'none';
const GROUP_OF: Record<ClockLight, ClockGroup> = {
  late: 'overdue',
  overdue: 'overdue',
  amber: 'amber',
  ok: 'ok',
  paused: 'ok',
  done: 'none',
};
const LOUDNESS: Record<ClockGroup, number> = { overdue: 3, amber: 2, ok: 1, none: 0 };

/** As the worst of its clocks that are still open. `now`: as for `lightOf`. */
export function groupOf({ clocks }: Clocked, now: number): ClockGroup {
  let worst: ClockGroup = 'none';
  for (const one of clocks ?? []) {
    const group = isOwed(one) ? GROUP_OF[lightOf(one, now)] : 'none';
    if (LOUDNESS[group] > LOUDNESS[worst]) worst = group;
  }
  return worst;
}

/** With something that ran out and is still open: the hub says that, so no time needs to be asked. */
export const isOverdue = (order: Clocked): boolean => groupOf(order, 0) === 'overdue';

/** Late for a workday and more, with something that is still open. */
export const isLate = (order: Clocked): boolean => owed(order).some((one) => lightOf(one, 0) === 'late');

/**
 * When the last of these turned without a word of the hub, up to `now`; 0: none has. They look as they did then, so that a
 * list needs no sorting again each second.
 */
export function lastTurn(orders: readonly Clocked[], now: number): number {
  let last = 0;
  for (const { clocks } of orders)
    for (const one of clocks ?? []) {
      const at = turnsByItself(one) ? (one.amberAt ?? Infinity) : Infinity;
      if (at <= now && at > last) last = at;
    }
  return last;
}

/** When the next thing of it is due: what stands still waits behind all that runs. */
export function nextDue({ clocks }: Clocked): number {
  let next = Infinity;
  for (const one of clocks ?? []) if (one.state === 'running' && isOwed(one)) next = Math.min(next, one.dueAt);
  return next;
}

/**
 * What runs out first comes first; `before` is asked first. A row moves only when a clock begins, ends or moves, never
 * because time goes by.
 */
export function sortedByDue<T extends Clocked & { orderNo: string }>(
  orders: readonly T[],
  before: (a: T, b: T) => number = () => 0,
): T[] {
  return orders
    .map((order) => ({ order, due: nextDue(order) }))
    .sort((a, b) => before(a.order, b.order) || compare(a.due, b.due) || compare(a.order.orderNo, b.order.orderNo))
    .map(({ order }) => order);
}

const compare = <V extends number | string>(a: V, b: V): number => (a === b ? 0 : a < b ? -1 : 1);

/**
 * The clocks that a row has room for: those of one act show as one, by whichever is due first. The unit's first contact and
 * the requester's own are met by the same call.
 */
export function rowClocks(order: Clocked): ClockView[] {
  const seen = new Set<string>();
  return owed(order)
    .sort((a, b) => a.dueAt - b.dueAt)
    .filter(({ clock }) => {
      const act = clock === 'CONTACT_CITIZEN' ? 'CONTACT_UNIT' : clock;
      return !seen.has(act) && seen.add(act);
    });
}

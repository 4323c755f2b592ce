import type { ClockSignal, ClockView } from '@minqing-hub/client-sdk/protocol';

/**
 * How a clock looks. It follows what the hub has said of it alone, so that all consoles turn at the same moment; what is
 * counted down beside it follows the hub's time. `late`: for a workday and more. `done`: it ran out, and is over.
 */
export type ClockLight = 'ok' | 'amber' | 'overdue' | 'late' | 'paused' | 'done';

const BY_SIGNAL: Record<ClockSignal, ClockLight> = {
  amber: 'amber',
  overdue: 'overdue',
  overdue_1wd: 'late',
  overdue_3wd: 'late',
};

export function lightOf({ state, signal }: Pick<ClockView, 'state' | 'signal'>): ClockLight {
  if (state === 'met' || state === 'stopped') return 'done';
  if (signal !== null && signal !== 'amber') return BY_SIGNAL[signal];
  if (state === 'paused') return 'paused';
  return signal === null ? 'ok' : 'amber';
}

export const isOpen = ({ state }: ClockView): boolean => state === 'running' || state === 'paused';

/** A window that closes is nothing that anybody owes: it is told, but makes no order late. */
export const isOwed = ({ clock }: ClockView): boolean => clock !== 'OBJECTION';

/** What has clocks; cards of before they existed have none. */
interface Clocked {
  clocks?: readonly ClockView[];
}

const owed = ({ clocks }: Clocked): ClockView[] => (clocks ?? []).filter((one) => isOpen(one) && isOwed(one));

/** The groups that a list of orders can be narrowed to, the loudest first. `none`: nothing runs that anybody owes. */
export type ClockGroup = 'overdue' | 'amber' | 'ok' | 'none';
const RANK: Record<ClockLight, ClockGroup> = {
  late: 'overdue',
  overdue: 'overdue',
  amber: 'amber',
  ok: 'ok',
  paused: 'ok',
  done: 'none',
};
const GROUPS: readonly ClockGroup[] = ['overdue', 'amber', 'ok', 'none'];

/** As the worst of its clocks that are still open. `of`: only these clocks count. */
export function groupOf(order: Clocked, of: (clock: ClockView) => boolean = () => true): ClockGroup {
  const found = new Set(owed(order).map((one) => (of(one) ? RANK[lightOf(one)] : 'none')));
  return GROUPS.find((group) => found.has(group)) ?? 'none';
}

/** Late for a workday and more, with something that is still open. */
export const isLate = (order: Clocked): boolean => owed(order).some((one) => lightOf(one) === 'late');

/** When the next thing of it is due: what stands still waits behind all that runs. */
export function nextDue(order: Clocked): number {
  const running = owed(order).filter(({ state }) => state === 'running');
  return Math.min(...running.map(({ dueAt }) => dueAt), Infinity);
}

/** What runs out first comes first. It moves only when a clock begins, ends or moves, never because time goes by. */
export const byNextDue = (a: Clocked, b: Clocked): number => {
  const [dueA, dueB] = [nextDue(a), nextDue(b)];
  return dueA === dueB ? 0 : dueA < dueB ? -1 : 1;
};

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

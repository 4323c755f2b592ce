/** An event of an order or of one of its clocks, as it is stored. */
interface ToldEvent {
  type: string;
  at: number;
  data: string;
}

interface Told {
  clockId: string;
  pausedMs: number;
  until: number;
  byClock: boolean;
}

/**
 * Holds what was put aside against the time that it was put aside for: by the hub itself it goes on at the end of the last
 * day, whenever that is noticed, by its unit no later, and its clock stood still from one to the other. [T19]
 *
 * Answers what does not agree, one sentence each, Chinese; `clockId` is `null` where it is the order's own.
 */
export function pausesThatDiffer(events: readonly ToldEvent[]): { clockId: string | null; sentence: string }[] {
  const differing: { clockId: string | null; sentence: string }[] = [];
  let until = Infinity;
  let wentOnAt: number | undefined;
  const paused = new Map<string, { at: number; pausedMs: number }>();
  for (const { type, at, data } of events) {
    const told = (): Told => JSON.parse(data) as Told;
    switch (type) {
      case 'order.suspended':
        ({ until } = told());
        break;
      case 'order.resumed':
        wentOnAt = at;
        if (told().byClock ? at !== until : at > until) {
          differing.push({ clockId: null, sentence: '挂账恢复的时刻与到期日不符' });
        }
        break;
      case 'deadline.paused':
        paused.set(told().clockId, { at, pausedMs: told().pausedMs });
        wentOnAt = undefined;
        break;
      case 'deadline.resumed': {
        const { clockId, pausedMs } = told();
        const before = paused.get(clockId);
        // Looked at, it stood still for another reason.
        if (before && wentOnAt !== undefined && pausedMs - before.pausedMs !== wentOnAt - before.at) {
          differing.push({ clockId, sentence: 'pausedMs 与挂账的起止不符' });
        }
        wentOnAt = undefined;
        break;
      }
    }
  }
  return differing;
}

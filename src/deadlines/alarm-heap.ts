export interface Alarm {
  clockId: string;
  dueAt: number;
}

/** Alarms by time: the earliest is at hand, adding and taking cost log n. */
export class AlarmHeap {
  private readonly alarms: Alarm[] = [];

  get earliest(): Alarm | undefined {
    return this.alarms[0];
  }

  get size(): number {
    return this.alarms.length;
  }

  add(alarm: Alarm): void {
    const { alarms } = this;
    let at = alarms.push(alarm) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (alarms[above]!.dueAt <= alarm.dueAt) break;
      alarms[at] = alarms[above]!;
      at = above;
    }
    alarms[at] = alarm;
  }

  /** Takes the earliest out. */
  take(): Alarm | undefined {
    const { alarms } = this;
    const first = alarms[0];
    const moved = alarms.pop();
    if (!first || !moved || alarms.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= alarms.length) break;
      if (below + 1 < alarms.length && alarms[below + 1]!.dueAt < alarms[below]!.dueAt) below += 1;
      if (alarms[below]!.dueAt >= moved.dueAt) break;
      alarms[at] = alarms[below]!;
      at = below;
    }
    alarms[at] = moved;
    return first;
  }
}

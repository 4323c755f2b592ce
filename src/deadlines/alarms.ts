/**
 * Makes clocks prompt. Rows of `clock` are the truth; an alarm is a hint that one of them may be due.
 *
 * What every adapter promises (`test/contract/alarms.contract.ts`):
 * - `arm` neither waits nor throws, whatever is broken behind it, so it may be called inside a transaction.
 * - An armed alarm rings once, at or soon after `dueAt` by the hub's clock, never before. A time that has passed rings soon.
 * - Arming the same clock again moves its alarm.
 * - Alarms beyond `horizonMs` from now are not taken: the sweeper arms them when they come near,
 *   so memory does not grow with the number of open clocks, and no timer overflows. [CK6]
 * - An alarm may be lost (crash, lost server): the sweeper finds what it would have rung for.
 *   After a rollback it may ring for a clock that never was, and one that another node has moved at its old time, too.
 *   So who listens looks at the row.
 * - Who knows that armed alarms may be gone tells it by `onForgotten`, so that the near ones are armed again. [AL1]
 * - `realign` makes it keep its promises after the hub's time has jumped.
 * - After `close` nothing rings any more.
 */
export abstract class Alarms {
  abstract readonly horizonMs: number;
  abstract arm(clockId: string, dueAt: number): void;
  /** Said every second: waiting is counted by the machine, and somebody may have set the time, or moved it. Answers at once. */
  abstract realign(): void;
  abstract onRing(listener: (clockId: string) => void): void;
  abstract close(): Promise<void>;

  /** An adapter that keeps its alarms as long as it lives has nothing to tell. */
  onForgotten(_listener: () => void): void {}

  /** The server behind it that does not work now, by its name in `/api/health/ready`. The hub's clocks keep without it. [AL3] */
  get failing(): string | undefined {
    return undefined;
  }
}

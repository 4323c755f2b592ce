import type { RecordedRow } from './recorded-rows.js';

/** Requests on their way to the hub at once. */
export const MOST_IN_FLIGHT = 32;

export interface Playing {
  /** Recorded time runs so many times faster; `null`: no waiting. */
  speed: number | null;
  /** Called before each row in turn; the row waits for it. `settle` resolves when no row is on its way. */
  before: (row: RecordedRow, settle: () => Promise<void>) => Promise<void>;
  send: (row: RecordedRow) => Promise<void>;
  sent: (done: number, row: RecordedRow) => void;
}

/** Sends rows in the order of their time, several at once. The first failure ends it. */
export async function playRows(rows: readonly RecordedRow[], { speed, before, send, sent }: Playing): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const startedAt = performance.now();
  const firstAt = rows[0]?.at ?? 0;
  let done = 0;
  const settle = async (): Promise<void> => {
    while (inFlight.size > 0) await Promise.race(inFlight);
  };

  for (const row of rows) {
    if (speed !== null) await sleepUntil(startedAt + (row.at - firstAt) / speed);
    while (inFlight.size >= MOST_IN_FLIGHT) await Promise.race(inFlight);
    await before(row, settle);
    if (failures.length > 0) break;
    const sending: Promise<void> = send(row)
      .then(() => sent((done += 1), row))
      .catch((failure: unknown) => void failures.push(failure))
      .finally(() => inFlight.delete(sending));
    inFlight.add(sending);
  }
  await settle();
  if (failures.length > 0) throw failures[0];
}

const LONGEST_TIMER_MS = 60_000;

async function sleepUntil(ticks: number): Promise<void> {
  for (let left = ticks - performance.now(); left > 0; left = ticks - performance.now()) {
    await new Promise((go) => setTimeout(go, Math.min(left, LONGEST_TIMER_MS)));
  }
}

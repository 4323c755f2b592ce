import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HubClient } from '@minqing-hub/client-sdk';
import { Fault } from '../fault.js';
import type { ListImport } from '../list-import.js';
import type { HandOver } from './hand-over.js';

/** As `config/shifts.json` has it, in China time. */
export interface PlannedShift {
  code: string;
  start: string;
  end: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const CHINA_OFFSET_MS = 8 * 60 * MINUTE_MS;
/** Who has the next shift may sign on within half an hour before it. */
const GATHERING_MS = 28 * MINUTE_MS;
/** Outside of these nobody is called back, and part of the work would wait for the morning. */
const DAYTIME = { from: 9 * 60, to: 20 * 60 };

/** A shift and the one that follows it, where the one ends and the other begins. */
export interface Ending {
  ends: PlannedShift;
  next: PlannedShift;
  at: number;
}

/**
 * The end of a shift by the hub's own clock, with people rostered for it. Ends come only a few times a day, so it takes a
 * hub whose time is virtual, which is moved ahead: to shortly before the end while nobody is there, and near to it before the
 * first request comes. From then on the hub's clock runs as always.
 */
export class ShiftEnd {
  private constructor(
    private readonly client: HubClient,
    private readonly ending: Ending,
  ) {}

  /** Rosters who hands over by the clock, and who comes. `null`: the hub keeps real time, or nobody does. */
  static async prepare(
    client: HubClient,
    imports: ListImport,
    configDir: string,
    handOvers: readonly HandOver[],
  ): Promise<ShiftEnd | null> {
    const byClock = handOvers.filter((one) => one.byClock);
    const file = join(configDir, 'shifts.json');
    const plan = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PlannedShift[]) : [];
    const ending = nextEnding(plan, client.hubNow() + GATHERING_MS);
    if (!ending || byClock.length === 0) return null;
    const shiftEnd = new ShiftEnd(client, ending);
    if (!(await shiftEnd.moveTo(GATHERING_MS))) return null;
    await imports.run(
      'roster',
      byClock.flatMap(({ seatId, username, relief }) => [
        { date: dayOf(ending.ends, ending.at), shift: ending.ends.code, username, seatId },
        { date: dayOf(ending.next, ending.at + 1), shift: ending.next.code, username: relief, seatId },
      ]),
    );
    return shiftEnd;
  }

  /** Milliseconds until the shift ends. */
  get inMs(): number {
    return this.ending.at - this.client.hubNow();
  }

  /** So many ms before the end, if that is not over yet. @returns whether the hub let it be done. */
  async moveTo(beforeMs: number): Promise<boolean> {
    const seconds = Math.floor((this.inMs - beforeMs) / 1_000);
    if (seconds < 1) return true;
    const goal = this.client.hubNow() + seconds * 1_000;
    const answer = await this.client.command('advanceTime', { seconds });
    if (!answer.ok && answer.error.code === 'clock_not_virtual') return false;
    if (!answer.ok) throw new Fault(`The hub's time could not be moved: ${answer.error.message}`);
    while (this.client.hubNow() < goal - 1_000) await new Promise((again) => setTimeout(again, 20));
    return true;
  }
}

/** The first end, in the daytime, after `from` at which another shift begins. */
export function nextEnding(plan: readonly PlannedShift[], from: number): Ending | undefined {
  const found = plan.flatMap((ends) => {
    const next = plan.find(({ start }) => start === ends.end);
    const minute = minuteOf(ends.end);
    if (!next || minute < DAYTIME.from || minute > DAYTIME.to) return [];
    const today = Math.floor((from + CHINA_OFFSET_MS) / DAY_MS) * DAY_MS - CHINA_OFFSET_MS + minute * MINUTE_MS;
    return [{ ends, next, at: today > from ? today : today + DAY_MS }];
  });
  return found.sort((a, b) => a.at - b.at)[0];
}

/** The day to which the shift belongs that runs just before `at`. */
export function dayOf({ start, end }: PlannedShift, at: number): string {
  const minute = ((at - 1 + CHINA_OFFSET_MS) % DAY_MS) / MINUTE_MS;
  const overMidnight = minuteOf(end) <= minuteOf(start);
  const began = overMidnight && minute < minuteOf(end) ? at - DAY_MS : at;
  return new Date(began + CHINA_OFFSET_MS - 1).toISOString().slice(0, 10);
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

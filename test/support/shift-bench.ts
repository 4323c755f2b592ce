import type { Actor, CommandResult, ImportReport } from '@minqing-hub/client-sdk/protocol';
import type { Answer } from '../../src/commands/command-bus.js';
import { LogReader } from '../../src/event-log/log-reader.js';
import { Placing } from '../../src/event-log/placing.js';
import { Reactions } from '../../src/event-log/reactions.js';
import { AccountStore } from '../../src/identity/account-store.js';
import { AwaitShiftsWhenRosterImported } from '../../src/shifts/await-shifts-when-roster-imported.reaction.js';
import { AwaitShift } from '../../src/shifts/commands/await-shift.js';
import { BeginShift } from '../../src/shifts/commands/begin-shift.js';
import { EndShift } from '../../src/shifts/commands/end-shift.js';
import { NoteShift } from '../../src/shifts/commands/note-shift.js';
import { OverrunBreak } from '../../src/shifts/commands/overrun-break.js';
import { SignOff } from '../../src/shifts/commands/sign-off.js';
import { SignOffSeat } from '../../src/shifts/commands/sign-off-seat.js';
import { SignOn } from '../../src/shifts/commands/sign-on.js';
import { StayOn } from '../../src/shifts/commands/stay-on.js';
import { EndShiftWhenCallOver } from '../../src/shifts/end-shift-when-call-over.reaction.js';
import { NoteShiftWhenSeatChanged } from '../../src/shifts/note-shift-when-seat-changed.reaction.js';
import { RosterDrafts } from '../../src/shifts/roster-drafts.js';
import { RosterImporter } from '../../src/shifts/roster-import.js';
import { RosterRules } from '../../src/shifts/roster-rules.js';
import { RosterStore, type StoredShift } from '../../src/shifts/roster-store.js';
import { ShiftDesk } from '../../src/shifts/shift-desk.js';
import { ShiftPlan } from '../../src/shifts/shift-plan.js';
import { ShiftPolicy } from '../../src/shifts/shift-policy.js';
import { FakeClock } from './fake-clock.js';
import { openQueueBench, type QueueBench, type QueueBenchOptions } from './queue-bench.js';

const PROVIDERS = [
  AccountStore,
  ShiftPlan,
  ShiftPolicy,
  RosterStore,
  RosterDrafts,
  RosterImporter,
  ShiftDesk,
  RosterRules,
  SignOn,
  SignOff,
  StayOn,
  SignOffSeat,
  AwaitShift,
  BeginShift,
  EndShift,
  NoteShift,
  NoteShiftWhenSeatChanged,
  AwaitShiftsWhenRosterImported,
  EndShiftWhenCallOver,
  OverrunBreak,
];

export interface ShiftBench {
  bench: QueueBench;
  clock: FakeClock;
  leader: Actor;
  /** `day code user seat`, one a line. */
  roster(...lines: string[]): Promise<ImportReport>;
  shifts(): Promise<StoredShift[]>;
  signOn(actor: Actor, payload?: { seatId?: string; takeOver?: boolean }): Promise<Answer>;
  signedOn(actor: Actor, payload?: { seatId?: string; takeOver?: boolean }): Promise<CommandResult<'signOn'>>;
  /** Moves the time to then (China, `2026-03-02 15:00`), in one leap, and waits for what follows. */
  goTo(time: string): Promise<void>;
  leap(ms: number): Promise<void>;
  /** Waits until nothing more follows from what has happened. */
  settled(): Promise<void>;
  /** The hub is stopped and started again; nobody is connected. */
  restart(): Promise<ShiftBench>;
  end(): Promise<void>;
}

const SLOWLY_MS = 3_000;

export const china = (time: string): number => Date.parse(`${time.replace(' ', 'T')}:00+08:00`);

/** Queues, seats and shifts as the hub wires them; at 06:00 of a Monday in China unless told otherwise. */
export async function openShiftBench(options: QueueBenchOptions = {}): Promise<ShiftBench> {
  const clock = options.clock ?? new FakeClock(china('2026-03-02 06:00'));
  const bench = await openQueueBench({ ...options, clock, providers: PROVIDERS });
  const leader = await bench.seat(999, ['shift_leader']);
  const kit: ShiftBench = {
    bench,
    clock,
    leader,
    roster: (...lines) =>
      bench.get(RosterImporter).apply(
        leader,
        lines.map((line, i) => {
          const [date = '', shift = '', username = '', seatId = ''] = line.split(' ');
          return { line: i + 2, cells: { date, shift, username, seatId }, faults: [] };
        }),
      ),
    shifts: () => bench.readModel.run((tx) => bench.get(RosterStore).between(tx, 0, Number.MAX_SAFE_INTEGER)),
    signOn: async (actor, payload = {}) => {
      const answer = await bench.command(actor, 'signOn', payload);
      bench.sockets.connected(actor);
      return answer;
    },
    signedOn: async (actor, payload = {}) => {
      const answer = await kit.signOn(actor, payload);
      if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
      await kit.settled();
      return answer.result as CommandResult<'signOn'>;
    },
    goTo: (time) => kit.leap(china(time) - clock.now()),
    leap: async (ms) => {
      // The last seconds go by one at a time, so that what falls due at the end of the leap has an alarm.
      if (ms > SLOWLY_MS) clock.advance(ms - SLOWLY_MS);
      await bench.pass(Math.min(ms, SLOWLY_MS));
      await kit.settled();
    },
    settled: async () => {
      const head = async () => {
        await bench.get(Placing).settled();
        return (await bench.get(LogReader).head()).seq;
      };
      for (let seq = await head(), before = -1; before !== seq; seq = await head()) {
        before = seq;
        await bench.settled();
        await bench.get(Reactions).idle();
      }
    },
    restart: async () => {
      await bench.stop();
      return openShiftBench({ ...options, folder: bench.folder, clock });
    },
    end: () => bench.end(),
  };
  return kit;
}

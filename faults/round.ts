import { checkAll, checksOf } from './check/check.js';
import { shrink } from './check/shrink.js';
import type { Check, Violation } from './check/violation.js';
import { Crew, type CrewSize } from './crew/crew.js';
import { readerGroups } from './crew/reader-groups.js';
import { Staff } from './crew/staff.js';
import type { Entry, FaultKind } from './history/entry.js';
import { Recorder } from './history/recorder.js';
import { becomeQuiet, type Patience } from './quiet.js';
import { lineLane } from './line-faults.js';
import { Readers, type ReadersResult } from './readers/readers.js';
import { recoveriesOf, type Recovery } from './recovery.js';
import { Schedule } from './schedule.js';
import { pause, type Servers } from './servers/servers.js';
import { TUNED } from './servers/tuned-city.js';

export interface RoundPlan {
  seed: number;
  /** While things break, ms. */
  forMs: number;
  /** It goes on until so much has happened, `forMs` again and again at most so often: machines differ. */
  least: { commands: number; faults: number; times: number };
  faultEveryMs: number;
  size: CrewSize;
  patience: Patience;
  only?: readonly FaultKind[];
  /** It ends as soon as something is wrong: that there is something is all that is asked. */
  toTheFirst?: boolean;
}

export interface RoundResult {
  faults: Map<FaultKind, number>;
  deliveries: number;
  commands: number;
  recoveries: Recovery[];
  violations: Violation[];
  history: readonly Entry[];
  /** The shortest history that shows the first violation. */
  shown: Entry[];
}

const LOOK_EVERY_MS = 500;
const NOTHING_READ: ReadersResult = { deliveries: 0, recoveries: [], violations: [], history: [] };

/** One round: everybody comes, works while things break, and goes home; then the history is asked what was wrong. */
export async function playRound(servers: Servers, plan: RoundPlan): Promise<RoundResult> {
  const recorder = new Recorder();
  const staff = new Staff(servers.line.url, plan.seed, recorder);
  const crew = new Crew(staff, plan.seed, plan.size);
  let schedule: Schedule | undefined;
  let readers: Readers | undefined;
  try {
    await crew.start();
    const groups = await readerGroups(staff, plan.size.readers);
    readers = await Readers.come({ seed: plan.seed, ports: servers.nodes.map(({ port }) => port), groups });
    const lanes = [...servers.lanes, lineLane(servers.line, staff.clocks), readers.lane];
    schedule = new Schedule(lanes, plan.seed, recorder, plan.faultEveryMs, plan.only);
    schedule.start();
    const checks = checksFor(plan, servers);
    const wrong = await breaking(plan, schedule, recorder, checks);
    await schedule.stop();
    if (wrong) return conclude(checks, schedule, recorder, staff, NOTHING_READ);
    await crew.rest();
    const heads = await becomeQuiet(staff, recorder, plan.patience);
    return conclude(checks, schedule, recorder, staff, await readers.end(heads, plan.patience.caughtUpMs));
  } finally {
    await schedule?.stop().catch(() => undefined);
    await readers?.close();
    crew.leave();
    staff.close();
  }
}

function conclude(
  checks: readonly Check[],
  { injected, spells }: Schedule,
  recorder: Recorder,
  { clients }: Staff,
  readers: ReadersResult,
): RoundResult {
  recorder.take(readers.history);
  const recoveries = [...clients.flatMap((client) => client.recoveries), ...readers.recoveries];
  const { violations, shown } = judge(recorder.entries, checks);
  const known = new Set(violations.map(({ wrong, subject }) => `${wrong} ${subject}`));
  return {
    faults: injected,
    deliveries: recorder.deliveries + readers.deliveries,
    commands: recorder.answered,
    recoveries: recoveriesOf(recoveries, spells),
    history: recorder.entries,
    violations: [...violations, ...readers.violations.filter((one) => !known.has(`${one.wrong} ${one.subject}`))],
    shown,
  };
}

/** Resolves when enough has happened for a history to tell something. Answers whether it ended because something is wrong. */
async function breaking(
  { forMs, least, only, toTheFirst }: RoundPlan,
  schedule: Schedule,
  recorder: Recorder,
  checks: readonly Check[],
): Promise<boolean> {
  const faults = only?.length === 0 ? 0 : least.faults;
  const begun = performance.now();
  for (;;) {
    await pause(Math.min(LOOK_EVERY_MS, forMs));
    if (toTheFirst && checkAll(recorder.entries, checks).length > 0) return true;
    const times = (performance.now() - begun) / forMs;
    if (times < 1) continue;
    if (times >= least.times || (recorder.answered >= least.commands && schedule.count >= faults)) return false;
  }
}

const checksFor = ({ patience }: RoundPlan, { placesAtCommit }: Servers): Check[] =>
  checksOf({
    atOnceMs: TUNED['clock.atOnceSeconds'] * 1_000,
    lateMs: patience.restMs,
    placedAtAck: placesAtCommit,
  });

function judge(history: readonly Entry[], checks: readonly Check[]): Pick<RoundResult, 'violations' | 'shown'> {
  const violations = checkAll(history, checks);
  const [first] = violations;
  if (!first) return { violations, shown: [] };
  const check = checks.find((one) =>
    one(history).some(({ subject, wrong }) => subject === first.subject && wrong === first.wrong),
  );
  return { violations, shown: shrink(history, check!, first) };
}

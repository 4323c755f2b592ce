import { type Percentiles, percentilesOf } from '../simulation/percentiles.js';
import { type Violation, type Wrong, WRONGS } from './check/violation.js';
import type { Entry, FaultKind } from './history/entry.js';
import type { Recovery } from './recovery.js';
import type { RoundResult } from './round.js';

export interface FaultReport {
  seed: number;
  profile: string;
  rounds: number;
  faultsInjected: number;
  faults: Partial<Record<FaultKind, number>>;
  commandsAnswered: number;
  deliveriesChecked: number;
  /** From a connection that stands to rooms that are caught up, ms. */
  recovery: Percentiles;
  /** The longest of them, and what was broken then. */
  slowest: Recovery[];
  wrongs: Record<Wrong, number>;
  /** What `verify-log` said against the hub's database, or what reactions had set aside; `null`: nothing. */
  log: string | null;
}

const SLOWEST_TOLD = 10;

/** What a run's rounds come to. */
export class Tally {
  private readonly faults = new Map<FaultKind, number>();
  private readonly wrongs = Object.fromEntries(WRONGS.map((wrong) => [wrong, 0])) as Record<Wrong, number>;
  private readonly recoveries: number[] = [];
  private slowest: Recovery[] = [];
  rounds = 0;
  /** What `verify-log` said against a hub's database, or what reactions had set aside. */
  log: string | null = null;
  private deliveries = 0;
  private commands = 0;

  add(round: RoundResult): void {
    this.rounds += 1;
    this.deliveries += round.deliveries;
    this.commands += round.commands;
    for (const { ms } of round.recoveries) this.recoveries.push(ms);
    this.slowest = [...this.slowest, ...round.recoveries]
      .sort((one, other) => other.ms - one.ms)
      .slice(0, SLOWEST_TOLD);
    for (const [kind, count] of round.faults) this.faults.set(kind, (this.faults.get(kind) ?? 0) + count);
    for (const { wrong } of round.violations) this.wrongs[wrong] += 1;
  }

  report(seed: number, profile: string): FaultReport {
    return {
      seed,
      profile,
      rounds: this.rounds,
      faultsInjected: [...this.faults.values()].reduce((sum, count) => sum + count, 0),
      faults: Object.fromEntries(this.faults),
      commandsAnswered: this.commands,
      deliveriesChecked: this.deliveries,
      recovery: percentilesOf(this.recoveries),
      slowest: this.slowest,
      wrongs: this.wrongs,
      log: this.log,
    };
  }
}

/** For a person, after each round. */
export function tellRound(round: number, { faults, deliveries, commands, recoveries }: RoundResult): string {
  const count = [...faults.values()].reduce((sum, one) => sum + one, 0);
  const { p50, p99 } = percentilesOf(recoveries.map(({ ms }) => ms));
  return `Round ${round}: ${count} faults, ${commands} commands, ${deliveries} deliveries; back after ${p50} ms, p99 ${p99} ms.`;
}

const MOST_SHOWN = 60;
const MOST_TOLD = 12;

/** For a person: what was wrong, and the shortest history that shows the first of it. */
export function tellViolations(violations: readonly Violation[], shown: readonly Entry[], seed: number): string {
  const lines = violations
    .slice(0, MOST_TOLD)
    .map(({ wrong, subject, sentence }) => `  ${wrong}: ${subject}: ${sentence}`);
  if (violations.length > MOST_TOLD) lines.push(`  … ${violations.length} in all`);
  const entries = shown.slice(-MOST_SHOWN).map((entry) => `  ${tell(entry)}`);
  if (shown.length > MOST_SHOWN) entries.unshift(`  … ${shown.length - MOST_SHOWN} before`);
  return [`Wrong (seed ${seed}):`, ...lines, 'The shortest history that shows the first:', ...entries].join('\n');
}

const MOST_WORDS = 240;

function tell({ at, ...entry }: Entry): string {
  const brief = JSON.stringify(entry, (name, value: unknown) => {
    if (name === 'cards') return `${Object.keys(value as object).length} cards`;
    if (name === 'events') return (value as { id: string; type: string }[]).map(({ id, type }) => `${type} ${id}`);
    return value;
  });
  return `${(at / 1_000).toFixed(3)} ${brief.length > MOST_WORDS ? `${brief.slice(0, MOST_WORDS)}…` : brief}`;
}

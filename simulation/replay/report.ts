import type { Acting } from '../acting.js';
import type { Agreement } from './agreement.js';
import type { RoomDifference } from '../check-consoles.js';
import type { DeskWork } from '../desk-work.js';
import type { Percentiles } from '../percentiles.js';
import type { PlayedOrders } from './played-orders.js';
import type { Recording } from './recorded-rows.js';
import type { ReplayMapping } from './replay-mapping.js';

/** What a replay ends with, on standard output. */
export interface ReplayReport {
  mapping: string;
  seed: number;
  speed: number | 'max';
  /** Rows that the hub acknowledged, new or known. */
  received: number;
  /** Of these: known before, for which nothing was written. */
  duplicates: number;
  /** Rows that could not be read, or that the hub refused. */
  refused: number;
  /** Acknowledged orders that are missing, and rooms of consoles that differ from a fresh console's. */
  mismatches: number;
  agreement: Agreement;
  /** From the first row until nobody had anything left to do. */
  seconds: number;
  /** Rows acknowledged per second while rows were being sent. */
  ratePerSecond: number;
  /** Command → the event on another console. */
  latencyMs: Percentiles;
  /** What the file says. */
  recorded: {
    rows: number;
    from: string | null;
    to: string | null;
    units: number;
    matters: number;
    rowsNamingAUnit: number;
    kinds: Record<string, number>;
    counts: Record<string, number>;
  };
  /** What simulated people did; none of it is in the file, but for the unit of a dispatch `recorded`. */
  acted: {
    commands: Record<string, number>;
    dispatchedByHub: number;
    dispatchedByPeople: DeskWork['dispatchedTo'];
    refusals: Record<string, number>;
    unfinished: number;
    cuts: number;
  };
  checked: { orders: number; rooms: number; missing: string[]; different: RoomDifference[] };
  notes: string[];
}

export interface ReplayFacts {
  mapping: ReplayMapping;
  seed: number;
  speed: number | null;
  recording: Recording;
  units: number;
  matters: number;
  orders: PlayedOrders;
  acting: Acting<PlayedOrders>;
  dispatchedTo: DeskWork['dispatchedTo'];
  agreement: Agreement;
  latencyMs: Percentiles;
  seconds: number;
  sendingSeconds: number;
  cuts: number;
  checked: ReplayReport['checked'];
  notes: string[];
}

const MOST_NAMED = 20;

export function reportOf(facts: ReplayFacts): ReplayReport {
  const { mapping, recording, orders, acting, checked } = facts;
  const { rows, unreadable } = recording;
  return {
    mapping: mapping.name,
    seed: facts.seed,
    speed: facts.speed ?? 'max',
    received: orders.received,
    duplicates: orders.duplicates,
    refused: unreadable.length + orders.refused.length,
    mismatches: checked.missing.length + checked.different.length,
    agreement: facts.agreement,
    seconds: tenths(facts.seconds),
    ratePerSecond: facts.sendingSeconds > 0 ? tenths(orders.received / facts.sendingSeconds) : 0,
    latencyMs: facts.latencyMs,
    recorded: {
      rows: rows.length + unreadable.length,
      from: rows[0]?.request.occurredAt ?? null,
      to: rows.at(-1)?.request.occurredAt ?? null,
      units: facts.units,
      matters: facts.matters,
      rowsNamingAUnit: rows.filter(({ unitId }) => unitId !== null).length,
      kinds: tally(rows.map(({ request }) => request.kind ?? 'none')),
      counts: Object.fromEntries(
        mapping.replay.counts.map(({ name, column, value }) => [
          name,
          rows.filter(({ cells }) => cells[column]?.trim() === value).length,
        ]),
      ),
    },
    acted: {
      commands: Object.fromEntries(acting.done),
      dispatchedByHub: [...orders.dispatchedByHub()].length,
      dispatchedByPeople: { ...facts.dispatchedTo },
      refusals: Object.fromEntries(acting.refused),
      unfinished: orders.inWork,
      cuts: facts.cuts,
    },
    checked: {
      ...checked,
      missing: checked.missing.slice(0, MOST_NAMED),
      different: checked.different.slice(0, MOST_NAMED),
    },
    notes: [...notesOf(facts), ...facts.notes, ...mapping.replay.notes],
  };
}

function notesOf({ orders, agreement, recording, acting, mapping }: ReplayFacts): string[] {
  const { minSupport, minShare } = mapping.replay.learning;
  const notes = [
    'Recorded are the requests: time, channel, kind, matter, area and the unit that dealt with them. Everything people did ' +
      'with them here (taking them on, claiming, acknowledging, objecting, rulings, contacts, progress, and how long it took) is acted.',
    `Duty rules were learnt only from rows before those they were used on (at least ${minSupport} rows, at least ${percent(minShare)} for one unit). ` +
      (agreement.compared > 0
        ? `Of ${agreement.compared} later rows that name a unit and that the hub dispatched by itself, ${agreement.agreed} went to that unit.`
        : 'Nothing could be compared in this run.'),
    'Manual dispatch follows the recorded unit, so it says nothing about agreement.',
  ];
  for (const { line, column, reason } of recording.unreadable.slice(0, MOST_NAMED)) {
    notes.push(`Line ${line} could not be read: ${column}: ${reason}`);
  }
  for (const { line, code, field } of orders.refused.slice(0, MOST_NAMED)) {
    notes.push(`The hub refused line ${line}: ${code}${field === null ? '' : ` (${field})`}`);
  }
  if (orders.new === 0) notes.push('Every row was known to the hub: nobody went to work and nothing was written.');
  if (orders.inWork > 0) {
    notes.push(
      `${orders.inWork} orders did not get as far as their unit's first progress; commands refused: ${acting.refused.size}.`,
    );
  }
  return notes;
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
const tenths = (value: number): number => Math.round(value * 10) / 10;

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

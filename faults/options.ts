import { Arguments } from '../simulation/arguments.js';
import { BUG_NAMES, type BugName, bugsOf } from './planted/names.js';

/** `galera`: a cluster whose database is three servers. */
export const PROFILES = ['embedded', 'cluster', 'galera'] as const;
export type Profile = (typeof PROFILES)[number];

export interface FaultOptions {
  seed: number;
  minutes: number;
  profile: Profile;
  /** Of the hub, where the profile has more than one. */
  nodes: number;
  /** Consoles that only read, beside those of everybody at work. */
  readers: number;
  /** From one fault of lines to the next, ms on the average; servers rest for longer. */
  everyMs: number;
  /** Each person at work rests so long between two commands, ms on the average. */
  paceMs: number;
  /** Names of planted bugs that are to be caught; `null`: the hub as it is built is tested. */
  planted: readonly BugName[] | null;
  report: string | null;
}

const USAGE = `Usage: npm run faults -- [--seed N] [--minutes N] [--profile embedded|cluster|galera] [--nodes N] [--readers N]
                        [--every MS] [--pace MS] [--planted [NAME,…]] [--report FILE]

Breaks what can break, seeded, while everybody works, and tells from the wire alone whether anything was lost, done
twice, shown to the wrong people or out of order.
  --nodes     of the hub in a cluster, 3 without it
  --readers   consoles that only read, 240 without it
  --every     from one fault of lines to the next, on the average, 350 without it; servers rest for several times as long
  --pace      each person at work rests so long between two commands, ms on the average, 60 without it
  --planted   tests the tester: hubs with a bug planted in them, each of which must be caught; without names all that the profile can have`;

/** @throws {Fault} with the usage for what cannot be meant. */
export function readOptions(args: string[], chosenSeed: number): FaultOptions {
  const given = new Arguments(
    withAll(args),
    ['seed', 'minutes', 'profile', 'nodes', 'readers', 'every', 'pace', 'planted', 'report'],
    USAGE,
  );
  const profile = given.text('profile') ?? 'embedded';
  if (!isProfile(profile)) throw given.fault(`--profile is one of ${PROFILES.join(', ')}`);
  const named = given.text('planted');
  if (named !== undefined && profile === 'galera') throw given.fault('--planted is for embedded and cluster');
  const possible = bugsOf(profile === 'embedded' ? 'embedded' : 'cluster');
  const planted = named === undefined ? null : named === ALL ? possible : named.split(',');
  const unknown = planted?.find((name) => !isBug(name));
  if (unknown !== undefined) throw given.fault(`--planted: there is no ${unknown}; there are ${possible.join(', ')}`);
  const elsewhere = planted?.filter(isBug).find((name) => !possible.includes(name));
  if (elsewhere) throw given.fault(`--planted: ${elsewhere} is of a part that the profile ${profile} does not have`);
  return {
    seed: given.whole('seed', { absent: chosenSeed, least: 0 }),
    minutes: given.number('minutes', { absent: 1, least: 0.05 }),
    profile,
    nodes: given.whole('nodes', { absent: 3, least: 1, most: 9 }),
    readers: given.whole('readers', { absent: 240, least: 0, most: 2_000 }),
    everyMs: given.whole('every', { absent: 350, least: 50, most: 60_000 }),
    paceMs: given.whole('pace', { absent: 60, least: 10, most: 60_000 }),
    planted: planted?.filter(isBug) ?? null,
    report: given.text('report') ?? null,
  };
}

const ALL = 'all';

/** `--planted` alone means all of them. */
function withAll(args: string[]): string[] {
  return args.flatMap((arg, i) => {
    const next = args[i + 1];
    return arg === '--planted' && (next === undefined || next.startsWith('--')) ? [arg, ALL] : [arg];
  });
}

const isBug = (name: string): name is BugName => (BUG_NAMES as readonly string[]).includes(name);
const isProfile = (name: string): name is Profile => (PROFILES as readonly string[]).includes(name);

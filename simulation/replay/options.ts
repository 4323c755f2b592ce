import { parseArgs } from 'node:util';
import type { Environment } from '../environment.js';
import { Fault } from '../fault.js';

export interface ReplayOptions {
  mapping: string;
  file: string;
  /** `null`: the hub of this machine, started for the run when none is there. */
  url: string | null;
  /** Recorded time runs so many times faster; `null`: as fast as the hub answers. */
  speed: number | null;
  report: string | null;
  seed: number;
  user: string;
  password: string;
  agents: number;
  dispatchers: number;
  arbiters: number;
  /** Rows after which duty rules are learnt anew. */
  learnEvery: number;
  /** One console's connection is cut about every so many seconds; `null`: none is. */
  cutEverySeconds: number | null;
  /** Only the first so many rows. */
  limit: number | null;
}

export const USAGE = `Usage: npm run replay -- --mapping NAME --file CSV [options]
  --url URL          the hub; without it the one of this machine, started for the run when there is none
  --speed N|max      times faster than recorded (default max: as fast as the hub answers)
  --report FILE      writes the report there too
  --seed N           of everything the actors decide (default 1)
  --user, --password who imports the lists (default admin and the demo password)
  --agents N --dispatchers N --arbiters N   seats at work (default 8, 8, 2)
  --learn-every N    rows after which duty rules are learnt anew (default 1000)
  --cuts N           cuts a console's connection about every N seconds
  --limit N          only the first N rows`;

const text = { type: 'string' } as const;
const OPTIONS = {
  mapping: text,
  file: text,
  url: text,
  speed: text,
  report: text,
  seed: text,
  user: text,
  password: text,
  agents: text,
  dispatchers: text,
  arbiters: text,
  'learn-every': text,
  cuts: text,
  limit: text,
  help: { type: 'boolean' },
} as const;

/** @throws {Fault} with what is wrong and how it is used. */
export function readOptions(args: string[], environment: Environment): ReplayOptions {
  const { values } = parsed(args);
  if (values.help) throw new Fault(USAGE);
  if (!values.mapping || !/^[\w-]{1,64}$/.test(values.mapping)) throw fault('--mapping names a file of config/replay');
  if (!values.file) throw fault('--file names the CSV file that is to be replayed');
  return {
    mapping: values.mapping,
    file: values.file,
    url: values.url?.replace(/\/+$/, '') ?? null,
    speed: values.speed === undefined || values.speed === 'max' ? null : number('speed', values.speed, 0.001),
    report: values.report ?? null,
    seed: whole('seed', values.seed, 1, 0),
    user: values.user ?? 'admin',
    password: values.password ?? environment.demoPassword,
    agents: whole('agents', values.agents, 8, 1),
    dispatchers: whole('dispatchers', values.dispatchers, 8, 1),
    arbiters: whole('arbiters', values.arbiters, 2, 1),
    learnEvery: whole('learn-every', values['learn-every'], 1000, 1),
    cutEverySeconds: values.cuts === undefined ? null : number('cuts', values.cuts, 0.01),
    limit: values.limit === undefined ? null : whole('limit', values.limit, 1, 1),
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, strict: true, allowPositionals: false });
  } catch (error) {
    throw fault((error as Error).message);
  }
}

const fault = (sentence: string): Fault => new Fault(`${sentence}\n\n${USAGE}`);

function number(name: string, given: string, least: number): number {
  const value = Number(given);
  if (!Number.isFinite(value) || value < least) throw fault(`--${name} is a number from ${least}`);
  return value;
}

function whole(name: string, given: string | undefined, absent: number, least: number): number {
  if (given === undefined) return absent;
  if (!/^\d{1,9}$/.test(given) || Number(given) < least) throw fault(`--${name} is a whole number from ${least}`);
  return Number(given);
}

import { Arguments } from '../arguments.js';
import type { Environment } from '../environment.js';

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

const NAMES = [
  'mapping',
  'file',
  'url',
  'speed',
  'report',
  'seed',
  'user',
  'password',
  'agents',
  'dispatchers',
  'arbiters',
  'learn-every',
  'cuts',
  'limit',
] as const;

/** @throws {Fault} with what is wrong and how it is used. */
export function readOptions(args: string[], environment: Environment): ReplayOptions {
  const given = new Arguments(args, NAMES, USAGE);
  const [mapping, file, speed] = [given.text('mapping'), given.text('file'), given.text('speed')];
  if (!mapping || !/^[\w-]{1,64}$/.test(mapping)) throw given.fault('--mapping names a file of config/replay');
  if (!file) throw given.fault('--file names the CSV file that is to be replayed');
  return {
    mapping,
    file,
    url: given.url('url'),
    speed: speed === undefined || speed === 'max' ? null : given.number('speed', { least: 0.001 }),
    report: given.text('report') ?? null,
    seed: given.whole('seed', { absent: 1, least: 0 }),
    user: given.text('user') ?? 'admin',
    password: given.text('password') ?? environment.demoPassword,
    agents: given.whole('agents', { absent: 8, least: 1 }),
    dispatchers: given.whole('dispatchers', { absent: 8, least: 1 }),
    arbiters: given.whole('arbiters', { absent: 2, least: 1 }),
    learnEvery: given.whole('learn-every', { absent: 1000, least: 1 }),
    cutEverySeconds: given.text('cuts') === undefined ? null : given.number('cuts', { least: 0.01 }),
    limit: given.text('limit') === undefined ? null : given.whole('limit', { least: 1 }),
  };
}

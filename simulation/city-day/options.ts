import { Arguments } from '../arguments.js';
import type { Environment } from '../environment.js';

export interface CityDayOptions {
  seats: number;
  ordersPerDay: number;
  /** Real minutes in which requests come in; what is begun is finished afterwards. */
  minutes: number;
  /** Arrivals come, and actors think, so many times faster than in the city. The hub's clocks stay real. */
  speed: number;
  seed: number;
  /** `null`: the hub of this machine, started for the run when none is there. */
  url: string | null;
  report: string | null;
  /** Minute of the simulated day with which the run begins. */
  fromMinute: number;
  /** 0 is Sunday. */
  weekday: number;
  user: string;
  password: string;
  /** Where `shifts.json` lies, as the hub has it. */
  configDir: string;
  /** One console's connection is cut about every so many seconds; `null`: none is. */
  cutEverySeconds: number | null;
}

export const USAGE = `Usage: npm run simulate -- --seats N --orders-per-day N --minutes N [options]
  --seats N           seats at work, from 1 to 700
  --orders-per-day N  requests that come in on an ordinary day
  --minutes N         real minutes in which they come in
  --speed N           how many times faster than in the city (default 1); the hub's clocks stay real
  --seed N            of everything that happens (default 1)
  --url URL           the hub; without it the one of this machine, started for the run when there is none
  --report FILE       writes the report there too
  --from HH:MM        when the simulated day is joined (default 07:00)
  --weekday N         0 Sunday to 6 Saturday (default 1)
  --cuts N            cuts a console's connection about every N seconds
  --user, --password  who imports people and connects the switch (default admin and the demo password)`;

const NAMES = [
  'seats',
  'orders-per-day',
  'minutes',
  'speed',
  'seed',
  'url',
  'report',
  'from',
  'weekday',
  'cuts',
  'user',
  'password',
] as const;

/** @throws {Fault} with what is wrong and how it is used. */
export function readOptions(args: string[], environment: Environment): CityDayOptions {
  const given = new Arguments(args, NAMES, USAGE);
  return {
    seats: given.whole('seats', { least: 1, most: 700 }),
    ordersPerDay: given.whole('orders-per-day', { least: 1, most: 10_000_000 }),
    minutes: given.number('minutes', { least: 0.05, most: 1_440 }),
    speed: given.number('speed', { absent: 1, least: 0.01, most: 1_000 }),
    seed: given.whole('seed', { absent: 1, least: 0 }),
    url: given.url('url'),
    report: given.text('report') ?? null,
    fromMinute: minuteOf(given),
    weekday: given.whole('weekday', { absent: 1, least: 0, most: 6 }),
    user: given.text('user') ?? 'admin',
    password: given.text('password') ?? environment.demoPassword,
    configDir: environment.configDir,
    cutEverySeconds: given.text('cuts') === undefined ? null : given.number('cuts', { least: 0.01 }),
  };
}

function minuteOf(given: Arguments<'from'>): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(given.text('from') ?? '07:00') ?? [];
  if (hours === undefined) throw given.fault('--from is a time of the day, such as 07:00');
  return Number(hours) * 60 + Number(minutes);
}

import { parseArgs } from 'node:util';
import type { Environment } from '../environment.js';
import { Fault } from '../fault.js';

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

const text = { type: 'string' } as const;
const OPTIONS = {
  seats: text,
  'orders-per-day': text,
  minutes: text,
  speed: text,
  seed: text,
  url: text,
  report: text,
  from: text,
  weekday: text,
  cuts: text,
  user: text,
  password: text,
  help: { type: 'boolean' },
} as const;

/** @throws {Fault} with what is wrong and how it is used. */
export function readOptions(args: string[], environment: Environment): CityDayOptions {
  const { values } = parsed(args);
  if (values.help) throw new Fault(USAGE);
  return {
    seats: whole('seats', values.seats, 1, 700),
    ordersPerDay: whole('orders-per-day', values['orders-per-day'], 1, 10_000_000),
    minutes: number('minutes', values.minutes, 0.05, 1_440),
    speed: number('speed', values.speed ?? '1', 0.01, 1_000),
    seed: whole('seed', values.seed ?? '1', 0, 999_999_999),
    url: values.url?.replace(/\/+$/, '') ?? null,
    report: values.report ?? null,
    fromMinute: minuteOf(values.from ?? '07:00'),
    weekday: whole('weekday', values.weekday ?? '1', 0, 6),
    user: values.user ?? 'admin',
    password: values.password ?? environment.demoPassword,
    cutEverySeconds: values.cuts === undefined ? null : number('cuts', values.cuts, 0.01, 86_400),
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

function number(name: string, given: string | undefined, least: number, most: number): number {
  const value = Number(given);
  if (given === undefined || !Number.isFinite(value) || value < least || value > most) {
    throw fault(`--${name} is a number from ${least} to ${most}`);
  }
  return value;
}

function whole(name: string, given: string | undefined, least: number, most: number): number {
  if (given === undefined || !/^\d{1,9}$/.test(given) || Number(given) < least || Number(given) > most) {
    throw fault(`--${name} is a whole number from ${least} to ${most}`);
  }
  return Number(given);
}

function minuteOf(given: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(given) ?? [];
  if (hours === undefined) throw fault('--from is a time of the day, such as 07:00');
  return Number(hours) * 60 + Number(minutes);
}

import { CityDay, type Trials } from '../simulation/city-day/city-day.js';
import type { CityDayOptions } from '../simulation/city-day/options.js';
import type { CityDayReport } from '../simulation/city-day/report.js';
import type { Consoles } from '../simulation/consoles.js';
import type { Say } from '../simulation/progress.js';
import type { Profile } from './stores.js';
import { withHub } from './with-hub.js';

/** What is asked of the floor: milliseconds, and ratios of figures of the same run. */
const LIMITS = {
  latencyP99Ms: 150,
  latencyManyToFew: 1.5,
  answersChangingToSteady: 1.3,
  reconnectMs: 5_000,
  mismatches: 0,
};
const SPEED = 60;
/** Two hours from here on bring the most, and both as much. */
const FROM_HOUR = 9;
const UNIT_CONSOLES = 150;
const LOOK_EVERY_MS = 10;
/** The tail of one minute is a matter of a few moments: of so many days the middle one counts. */
const DAYS = 3;

/**
 * 700 seats and 150 consoles of units, in the busiest hours of 10,000 orders a day at 60 times the city's pace: how long a
 * command takes to reach the others, against 100 seats; how long an agent waits for an answer while half of the seats change
 * hands within a minute, against the minute before; all consoles coming back at once; of several such days the middle one.
 * Then the same in a storm that brings thrice as much: nothing may be lost there either, and what it took is told. Each on a
 * hub with a database of its own.
 */
export async function floor(quick: boolean, say: Say, profile: Profile): Promise<object> {
  const [many, few] = quick ? [140, 20] : [700, 100];
  const minutes = quick ? 0.4 : 2;
  const ordersPerDay = quick ? 2_000 : 10_000;
  const reconnects: number[] = [];
  const trials: Trials = {
    unitConsoles: quick ? 30 : UNIT_CONSOLES,
    // Within one real minute.
    shiftChange: { share: 0.5, minutes: quick ? 10 : SPEED },
  };
  const stage = (seats: number, more: Trials, weather = ''): Promise<CityDayReport> => {
    say(`\n${seats} seats under full load${weather}`);
    const options = optionsOf(seats, ordersPerDay, minutes);
    return withHub(profile, say, (url) => new CityDay(url, options, say, { ...trials, ...more }).run());
  };

  const small = await stage(few, { dry: true });
  const days: CityDayReport[] = [];
  for (let day = 0; day < (quick ? 1 : DAYS); day++) {
    const atTheEnd = async (consoles: Consoles) => void reconnects.push(await reconnect(consoles));
    days.push(await stage(many, { dry: true, atTheEnd }));
  }
  const wet = await stage(many, {}, ', in a storm');

  const latencyP99Ms = middle(days.map(({ latencyMs }) => latencyMs.p99));
  const figures = {
    latencyP99Ms,
    latencyManyToFew: ratio(latencyP99Ms, small.latencyMs.p99),
    answersChangingToSteady: middle(days.map(({ answerMs }) => ratio(answerMs.changing.p99, answerMs.steady.p99))),
    reconnectMs: Math.max(...reconnects),
    mismatches: [small, ...days, wet].reduce((sum, { mismatches }) => sum + mismatches, 0),
  };
  return {
    figures,
    limits: LIMITS,
    holds: Object.fromEntries(
      Object.entries(LIMITS).map(([name, limit]) => {
        const figure = figures[name as keyof typeof LIMITS];
        return [name, figure !== null && figure <= limit];
      }),
    ),
    stages: { few: brief(small), many: days.map(brief), storm: brief(wet) },
  };
}

const optionsOf = (seats: number, ordersPerDay: number, minutes: number): CityDayOptions => ({
  seats,
  ordersPerDay,
  minutes,
  speed: SPEED,
  seed: 1,
  url: null,
  report: null,
  fromMinute: FROM_HOUR * 60,
  weekday: 1,
  user: 'admin',
  password: 'demo',
  configDir: 'config',
  cutEverySeconds: null,
});

/** Every connection is cut in one moment: how long until every room of every console is live again, ms. */
async function reconnect({ list }: Consoles): Promise<number> {
  const begun = performance.now();
  for (const { client } of list) client.cut();
  while (!list.every(({ client }) => client.connection === 'live')) {
    await new Promise((again) => setTimeout(again, LOOK_EVERY_MS));
  }
  return Math.round(performance.now() - begun);
}

function brief({
  consoles,
  orders,
  calls,
  floor: moves,
  latencyMs,
  answerMs,
  seconds,
  checked,
  mismatches,
}: CityDayReport) {
  return { consoles, orders, calls, moves, latencyMs, answerMs, seconds, rooms: checked.rooms, mismatches, checked };
}

/** `null`, of a day that had none, is the worst. */
const middle = (figures: (number | null)[]): number | null =>
  figures.toSorted((one, other) => (one ?? Infinity) - (other ?? Infinity))[Math.floor(figures.length / 2)]!;

const ratio = (one: number | null, other: number | null): number | null =>
  one === null || other === null || other === 0 ? null : Math.round((one / other) * 100) / 100;

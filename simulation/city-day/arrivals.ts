import type { CatalogueRow, IntakeRequest, UnitRow } from '@minqing-hub/client-sdk/protocol';
import { chance, chances } from '../chance.js';

/** Share of a day's requests that comes in each hour, from midnight. Made up after the usual shape: two office peaks, a quiet night. */
const SHARE_OF_HOUR = [
  0.8, 0.5, 0.4, 0.3, 0.4, 0.8, 2.0, 4.2, 7.8, 9.6, 9.4, 7.4, 5.0, 5.4, 8.2, 8.4, 7.6, 6.0, 4.4, 3.8, 3.2, 2.4, 1.4,
  0.6,
] as const;
const TOTAL = SHARE_OF_HOUR.reduce((sum, share) => sum + share, 0);
/** Against an ordinary day, Sunday first: Mondays are busy, weekends are not. */
const WEEKDAY_FACTOR = [0.72, 1.22, 1.06, 1.02, 1.02, 1.04, 0.78] as const;
/** 86.7 % by telephone, as Beijing counted. */
const BY_PHONE = 0.867;
/** A little more than half of what comes in is answered at once. */
const CONSULTATIONS = 0.56;
const ONLINE = ['wechat', 'mini_program', 'app', 'web', 'counter', 'grid'] as const;
const DIALECTS_SPOKEN = 0.04;
const STORM_WORDS = /堵塞|积水|内涝|停电|停水|树木|路面|井盖|排水/;

/** A rain storm: for so long, so many times as many requests, most of them about water, wires and trees. */
const STORM = { minutes: 40, factor: 3, about: 0.7 } as const;
/** Something happens somewhere and a few dozen people report it within minutes. */
const BURST = { minutes: 4, requests: 25, everyMinutes: 90 } as const;

export interface Arrival {
  /** ms of simulated time after the run's beginning. */
  at: number;
  by: 'phone' | 'online';
  request: IntakeRequest;
  /** The unit that turns out to be right where the duty list's is not. */
  disputedFor: string | null;
  storm: boolean;
}

export interface DayPlan {
  seed: number;
  ordersPerDay: number;
  fromMinute: number;
  weekday: number;
  /** Simulated minutes. */
  minutes: number;
  /** Whether it may rain, if the run is long enough to hold a storm. */
  storm: boolean;
}

export interface City {
  catalogue: readonly CatalogueRow[];
  units: readonly UnitRow[];
}

/** Arrivals per simulated minute at a minute of the day, storms and bursts apart. */
export function ratePerMinute(
  { ordersPerDay, weekday }: Pick<DayPlan, 'ordersPerDay' | 'weekday'>,
  minute: number,
): number {
  const day = (weekday + Math.floor(minute / 1_440)) % 7;
  const share = SHARE_OF_HOUR[Math.floor(minute / 60) % 24]! / TOTAL;
  return (ordersPerDay * share * WEEKDAY_FACTOR[day]!) / 60;
}

/** When the storm breaks: in the middle third of the run, if it is long enough to hold one. Simulated minutes after the beginning. */
export function stormOf({ seed, minutes, storm }: DayPlan): { from: number; to: number } | null {
  if (!storm || minutes < STORM.minutes) return null;
  const from = (minutes / 3) * (1 + chance(seed, 'storm') * 0.6);
  return { from, to: Math.min(minutes, from + STORM.minutes) };
}

/** What comes in, in the order of its time: the same for the same plan and city. */
export function arrivalsOf(plan: DayPlan, city: City): Arrival[] {
  const random = chances(plan.seed, 'arrivals');
  const storm = stormOf(plan);
  const bursts = burstsOf(plan, random);
  const request = requestMaker(plan, city);
  const arrivals: Arrival[] = [];
  for (let minute = 0; minute < plan.minutes; minute += 1) {
    const length = Math.min(1, plan.minutes - minute);
    const inStorm = storm !== null && minute >= storm.from && minute < storm.to;
    const usual = ratePerMinute(plan, plan.fromMinute + minute) * (inStorm ? STORM.factor : 1) * length;
    const come = (count: number, about: (() => string | undefined) | undefined): void => {
      for (let i = 0; i < count; i += 1) {
        const at = Math.floor((minute + random() * length) * 60_000);
        arrivals.push({ at, storm: inStorm, ...request(arrivals.length, inStorm, about?.()) });
      }
    };
    come(poisson(usual, random), undefined);
    for (const { from, catalogCode } of bursts) {
      if (minute >= from && minute < from + BURST.minutes) {
        come(poisson((BURST.requests / BURST.minutes) * length, random), () => catalogCode(city));
      }
    }
  }
  return arrivals.sort((a, b) => a.at - b.at || (a.request.sourceId < b.request.sourceId ? -1 : 1));
}

function burstsOf({ minutes }: DayPlan, random: () => number) {
  const count = Math.round(minutes / BURST.everyMinutes);
  return Array.from({ length: count }, () => {
    const from = random() * Math.max(1, minutes - BURST.minutes);
    const which = random();
    return { from, catalogCode: (city: City) => picked(matters(city), which)?.code };
  });
}

function requestMaker({ seed }: DayPlan, city: City) {
  const leaves = matters(city);
  const wet = leaves.filter(({ name }) => STORM_WORDS.test(name));
  const places = city.units.filter(({ active, areaCode }) => active && areaCode !== null);
  const departments = city.units.filter(({ active, type }) => active && type === 'department');
  return (index: number, storm: boolean, burstCode: string | undefined): Omit<Arrival, 'at' | 'storm'> => {
    const number = String(index + 1);
    const roll = (word: string): number => chance(seed, word, number);
    const matter =
      leaves.find(({ code }) => code === burstCode) ??
      (storm && wet.length > 0 && roll('wet') < STORM.about
        ? picked(wet, roll('matter'))
        : picked(leaves, roll('matter')));
    const place = picked(places, roll('place'));
    const consultation = !storm && roll('kind') < CONSULTATIONS;
    const by = roll('channel') < BY_PHONE ? 'phone' : 'online';
    const what = matter?.name ?? '其他事项';
    const urgency = roll('urgency');
    return {
      by,
      disputedFor: roll('disputed') < 0.04 ? (picked(departments, roll('right unit'))?.unitId ?? null) : null,
      request: {
        source: 'simulation',
        sourceId: `${seed}-${number}`,
        channel: by === 'phone' ? '12345' : picked(ONLINE, roll('online'))!,
        title: consultation ? `咨询${what}的办理` : `反映${what}`,
        text: consultation
          ? `想了解${what}怎么办理、归哪里管。`
          : `${place?.name ?? '本市'}辖区出现${what}，请派人处理。`,
        kind: consultation ? 'consultation' : roll('complaint') < 0.15 ? 'complaint' : 'resolution',
        grade: storm && urgency < 0.3 ? 'urgent' : urgency < 0.06 ? 'urgent' : urgency < 0.3 ? 'fast' : 'normal',
        ...(matter ? { catalogCode: matter.code } : {}),
        ...(storm && urgency < 0.05 ? { responseLevel: 'critical' as const } : {}),
        ...(roll('dialect') < DIALECTS_SPOKEN ? { dialect: picked(['kejia', 'yue'], roll('which dialect'))! } : {}),
        // A range of numbers that no operator gives out.
        requester: { phone: `1990000${String(1 + Math.floor(roll('caller') * 6_000)).padStart(4, '0')}` },
        ...(place ? { place: { areaCode: place.areaCode! } } : {}),
      },
    };
  };
}

function matters({ catalogue }: City): CatalogueRow[] {
  const parents = new Set(catalogue.map(({ parentCode }) => parentCode));
  return catalogue.filter(({ code, active }) => active && !parents.has(code));
}

const picked = <T>(things: readonly T[], roll: number): T | undefined => things[Math.floor(roll * things.length)];

/** How many of many independent people happen to come. Knuth's product of rolls, in portions small enough for it. */
function poisson(mean: number, random: () => number): number {
  let count = 0;
  for (let left = mean; left > 0; left -= 30) {
    const limit = Math.exp(-Math.min(left, 30));
    for (let product = random(); product > limit; product *= random()) count += 1;
  }
  return count;
}

import type { CatalogueRow, UnitRow } from '@minqing-hub/client-sdk/protocol';
import { arrivalsOf, ratePerMinute, stormOf, type City, type DayPlan } from './arrivals.js';

const matter = (code: string, name: string, parentCode: string | null): CatalogueRow => ({
  code,
  name,
  parentCode,
  publishable: true,
  active: true,
});
const unit = (unitId: string, type: string, areaCode: string | null): UnitRow => ({
  unitId,
  name: unitId,
  type,
  level: type,
  parentId: null,
  areaCode,
  areaType: null,
  active: true,
});
const CITY: City = {
  catalogue: [matter('01', '公用设施', null), matter('0101', '下水道堵塞', '01'), matter('0102', '占道经营', '01')],
  units: [unit('street', 'street', 'S1'), unit('water', 'department', null)],
};
const plan = (more: Partial<DayPlan> = {}): DayPlan => ({
  seed: 1,
  ordersPerDay: 10_000,
  fromMinute: 0,
  weekday: 2,
  minutes: 1_440,
  storm: true,
  ...more,
});

describe('a simulated day', () => {
  it('is the same for the same seed and another one for another', () => {
    const day = arrivalsOf(plan(), CITY);
    expect(arrivalsOf(plan(), CITY)).toEqual(day);
    expect(arrivalsOf(plan({ seed: 2 }), CITY)).not.toEqual(day);
  });

  it('brings about as many requests as were asked for, by the weekday, in the order of their time', () => {
    const day = arrivalsOf(plan(), CITY);
    const usual = Array.from({ length: 1_440 }, (_, minute) => ratePerMinute(plan(), minute)).reduce((a, b) => a + b);
    expect(usual).toBeCloseTo(10_600, 0);
    // The storm and the bursts come on top.
    expect(day.length).toBeGreaterThan(usual * 0.95);
    expect(day.length).toBeLessThan(usual * 1.4);
    expect(day.map(({ at }) => at)).toEqual([...day.map(({ at }) => at)].sort((a, b) => a - b));
    expect(arrivalsOf(plan({ weekday: 0 }), CITY).length).toBeLessThan(day.length * 0.85);
  });

  it('is quiet at night and busy in the morning', () => {
    const day = arrivalsOf(plan(), CITY);
    const during = (hour: number) => day.filter(({ at }) => Math.floor(at / 3_600_000) === hour).length;
    expect(during(9)).toBeGreaterThan(during(3) * 10);
  });

  it('comes by telephone for the most part, and each request has its own number', () => {
    const day = arrivalsOf(plan(), CITY);
    const share = day.filter(({ by }) => by === 'phone').length / day.length;
    expect(Math.abs(share - 0.867)).toBeLessThan(0.02);
    expect(new Set(day.map(({ request }) => request.sourceId)).size).toBe(day.length);
  });

  it('has its storm in the middle, more of everything and most of it about water', () => {
    const storm = stormOf(plan({ minutes: 180 }))!;
    const day = arrivalsOf(plan({ minutes: 180, fromMinute: 480 }), CITY);
    const within = day.filter(({ storm: wet }) => wet);
    const others = day.filter(({ storm: wet }) => !wet);
    expect(within.length / (storm.to - storm.from)).toBeGreaterThan((others.length / (180 - 40)) * 2);
    expect(within.filter(({ request }) => request.catalogCode === '0101').length).toBeGreaterThan(within.length * 0.6);
    expect(stormOf(plan({ minutes: 30 }))).toBeNull();
    expect(stormOf(plan({ minutes: 180, storm: false }))).toBeNull();
  });
});

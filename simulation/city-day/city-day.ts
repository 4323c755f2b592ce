import type { CatalogueRow, IntakeReceipt, UnitRow } from '@minqing-hub/client-sdk/protocol';
import { Acting } from '../acting.js';
import { chance, chances } from '../chance.js';
import { differingRooms } from '../check-consoles.js';
import { Consoles } from '../consoles.js';
import { Fault } from '../fault.js';
import { LatencyMeter } from '../latency.js';
import { ListImport } from '../list-import.js';
import { patiently } from '../patience.js';
import { centrePeople, MOST_RELIEF, reliefPeople, unitPeople } from '../people.js';
import { percentilesOf } from '../percentiles.js';
import { Progress, type Say } from '../progress.js';
import { TelephoneSwitch } from '../telephone-switch.js';
import { untilAnswered } from '../until-answered.js';
import { type Arrival, arrivalsOf, type City, type DayPlan, stormOf } from './arrivals.js';
import { Centre } from './centre.js';
import { differingCounters, lostOrders } from './checks.js';
import { CityOrders } from './city-orders.js';
import { Exchange } from './exchange.js';
import { type HandOver, handOvers } from './hand-over.js';
import type { CityDayOptions } from './options.js';
import { type CityDayReport, mismatchesOf, named, timeOfDay } from './report.js';
import { ShiftEnd } from './shift-end.js';

/** A person takes between so many and so many seconds for one step, in the city's time. */
const THINKING_SECONDS = { least: 20, most: 240 };
/** In the middle of the run so large a share of the seats changes hands, within so many minutes of the city's time. */
const SHIFT_CHANGE = { share: 0.25, minutes: 12 };

/** What a benchmark asks for beyond an ordinary day. */
export interface Trials {
  shiftChange?: { share: number; minutes: number };
  /** Without a storm, however long it is. */
  dry?: boolean;
  /** More consoles that look on at units' rooms. */
  unitConsoles?: number;
  /** Called when all is still, before people go home. */
  atTheEnd?: (consoles: Consoles) => Promise<void>;
}
const SWITCH = 'simulated-switch';

/**
 * A day of a city through the public API: people call and write, seats and units act, a shift changes, it rains. Checks
 * while it runs and at its end that nothing was lost, nothing held twice, and that every number shown was true.
 */
export class CityDay {
  private readonly random: () => number;
  private readonly consoles: Consoles;
  private readonly orders = new CityOrders();
  private readonly latency = new LatencyMeter();
  private readonly acting: Acting<CityOrders>;
  private readonly failures: unknown[] = [];
  private readonly failed = (fault: unknown): void => void this.failures.push(fault);
  private readonly notes: string[] = [];
  private readonly plan: DayPlan;
  private readonly handOvers: HandOver[];
  private shiftEnd: ShiftEnd | null = null;
  private key!: { keyId: string; apiKey: string };

  constructor(
    private readonly url: string,
    private readonly options: CityDayOptions,
    private readonly say: Say,
    private readonly trials: Trials = {},
  ) {
    const { seed, speed, minutes, fromMinute, weekday, ordersPerDay, password } = options;
    this.random = chances(seed, 'city day');
    this.consoles = new Consoles(url, password, seed);
    this.plan = { seed, ordersPerDay, fromMinute, weekday, minutes: minutes * speed, storm: !trials.dry };
    this.handOvers = handOvers(options.seats, this.change.share, seed);
    const { least, most } = THINKING_SECONDS;
    const thinkingMs = (...words: string[]): number =>
      ((least + (most - least) * chance(seed, 'thinking', ...words)) * 1_000) / speed;
    this.acting = new Acting(this.orders, this.latency, seed, thinkingMs, this.random);
  }

  async run(): Promise<CityDayReport> {
    const stopCutting = this.consoles.cutNowAndThen(this.options.cutEverySeconds);
    let exchange: Exchange | undefined;
    try {
      const city = await this.prepare();
      const arrivals = arrivalsOf(this.plan, city);
      const centre = await Centre.open(this.consoles, this.acting, this.failed);
      const line = this.line(centre);
      exchange = new Exchange(
        (event) => this.tell(line, event),
        () => centre.agents.values(),
        this.options.seed,
        this.options.speed,
        this.key.keyId,
        this.failed,
      );
      await this.gather(centre, city, exchange);

      const { startMs, overMs } = this.change;
      await this.shiftEnd?.moveTo(startMs + overMs / 2);
      this.acting.phase = 'steady';
      const startedAt = performance.now();
      const changing = this.changeShift(centre);
      await this.play(arrivals, centre, exchange);
      await changing;
      this.acting.phase = 'finishing';
      const arrivalSeconds = (performance.now() - startedAt) / 1_000;
      await this.finish(centre, exchange, line);
      const finishingSeconds = (performance.now() - startedAt) / 1_000 - arrivalSeconds;
      stopCutting();
      const report = await this.report(arrivals, centre, exchange, arrivalSeconds, finishingSeconds);
      const { client } = await this.consoles.open(this.options.user);
      await client.command('revokeApiKey', { keyId: this.key.keyId });
      return report;
    } finally {
      stopCutting();
      exchange?.close();
      this.consoles.close();
    }
  }

  /** People, the switch's key, and what the city's lists say. */
  private async prepare(): Promise<City> {
    const { seats, user, password } = this.options;
    const { client } = await this.consoles.open(user);
    const get = <R>(list: string) => untilAnswered(() => client.http.get<R[]>(`/api/${list}`), this.random);
    const units = (await get<UnitRow>('units')).filter(({ active }) => active);
    const catalogue = (await get<CatalogueRow>('catalogue')).filter(({ active }) => active);
    if (units.length === 0 || catalogue.length === 0) throw new Fault('The hub has no units or no catalogue yet.');
    const people = [
      ...centrePeople({ agents: seats, dispatchers: 20, arbiters: 3 }),
      ...reliefPeople(Math.min(MOST_RELIEF, seats)),
      ...unitPeople(units),
    ];
    this.say(`Bringing ${people.length} people to the hub.`);
    const imports = new ListImport(client.http, this.random);
    await imports.people(people, password);
    const key = await client.command('createApiKey', { source: SWITCH, label: '模拟交换机' });
    if (!key.ok) throw new Fault(`The hub gives no key to a telephone switch: ${key.error.message}`);
    this.key = key.result;
    this.shiftEnd = await ShiftEnd.prepare(client, imports, this.options.configDir, this.handOvers);
    if (!this.shiftEnd)
      this.notes.push('The hub keeps real time, by which no shift ended: people changed seats by themselves.');
    return { units, catalogue };
  }

  private async gather(centre: Centre, { units }: City, exchange: Exchange): Promise<void> {
    const { seats } = this.options;
    const progress = new Progress(
      'People at work',
      seats + Math.min(20, Math.ceil(seats / 35)) + 3 + units.length,
      this.say,
    );
    await centre.fill(seats, units, exchange, (count) => progress.at(count));
    progress.end();
    await centre.lookOn(units, this.trials.unitConsoles ?? 0);
    this.check();
  }

  private async play(arrivals: readonly Arrival[], centre: Centre, exchange: Exchange): Promise<void> {
    const { speed, minutes } = this.options;
    const progress = new Progress('Requests', arrivals.length, this.say);
    const startedAt = performance.now();
    const endsAt = startedAt + minutes * 60_000;
    const sending = new Set<Promise<void>>();
    let sent = 0;
    for (const arrival of arrivals) {
      await untilTick(startedAt + arrival.at / speed);
      this.check();
      if (arrival.by === 'phone') exchange.incoming(arrival);
      else {
        const one: Promise<void> = this.write(arrival, centre)
          .catch(this.failed)
          .finally(() => sending.delete(one));
        sending.add(one);
      }
      progress.at((sent += 1), (endsAt - performance.now()) / 1_000);
    }
    await untilTick(endsAt);
    await Promise.all(sending);
    progress.end();
  }

  private async write(arrival: Arrival, { leader }: Centre): Promise<void> {
    const request = { ...arrival.request, sourceId: `${this.key.keyId}-${arrival.request.sourceId}` };
    const receipt = await untilAnswered(
      () => leader.client.http.post<IntakeReceipt>('/api/intake/requests', request),
      this.random,
    );
    this.orders.acknowledge(receipt.orderNo, arrival);
    this.acting.activity += 1;
  }

  /** A line to the hub on which some words come twice, and some late. */
  private line({ leader }: Centre): TelephoneSwitch {
    const { keyId, apiKey } = this.key;
    return new TelephoneSwitch({
      url: this.url,
      apiKey,
      name: keyId,
      now: () => leader.client.hubNow(),
      random: this.random,
      disorder: { twice: 0.02, heldBack: 0.01 },
    });
  }

  private async tell(line: TelephoneSwitch, event: Parameters<TelephoneSwitch['tell']>[0]): Promise<void> {
    await line.tell(event);
    this.acting.activity += 1;
  }

  /** The seats begin to change hands in the middle of the run, and have so long for it. */
  private get change(): { share: number; startMs: number; overMs: number } {
    const { minutes, speed } = this.options;
    const { share, minutes: over } = this.trials.shiftChange ?? SHIFT_CHANGE;
    return { share, startMs: minutes * 30_000, overMs: (over * 60_000) / speed };
  }

  private async changeShift(centre: Centre): Promise<void> {
    const { startMs, overMs } = this.change;
    await new Promise((go) => setTimeout(go, startMs));
    this.acting.phase = 'changing';
    await centre.changeHands(this.handOvers, overMs, this.shiftEnd, this.options.seed).catch(this.failed);
    this.acting.phase = 'steady';
  }

  /** What has begun is brought to its end, so that a still floor can be counted. */
  private async finish(centre: Centre, exchange: Exchange, line: TelephoneSwitch): Promise<void> {
    centre.unitsRest();
    const begun = centre.queued;
    const progress = new Progress('Finishing what is begun', begun, this.say);
    const showing = setInterval(() => {
      progress.at(Math.max(0, begun - centre.queued));
      // No more calls come, so nothing else would bring what was kept back.
      line.flush().catch(this.failed);
    }, 500);
    const finished = await patiently(
      () => {
        this.check();
        return exchange.open === 0 && centre.live && centre.queued === 0 && this.acting.busy === 0;
      },
      () => this.acting.activity,
      () => centre.live,
    );
    clearInterval(showing);
    progress.end();
    if (!finished) this.notes.push('Nothing moved any more although something was left to do.');
  }

  private async report(
    arrivals: readonly Arrival[],
    centre: Centre,
    exchange: Exchange,
    arrivalSeconds: number,
    finishingSeconds: number,
  ): Promise<CityDayReport> {
    const { seed, minutes, speed, ordersPerDay, weekday, fromMinute, seats } = this.options;
    this.say('Comparing every number with what is behind it, every console with a fresh one.');
    const connected = this.consoles.list.length;
    const counters = await differingCounters(centre.leader, this.random);
    const { rooms, different } = await differingRooms(this.consoles);
    await this.trials.atTheEnd?.(this.consoles);
    this.acting.phase = 'leaving';
    await centre.goHome();
    this.check();
    counters.push(...(await differingCounters(centre.leader, this.random)));
    const checked = {
      heldTwice: centre.watch.heldTwice,
      heldByGone: centre.watch.heldByGone,
      lost: await lostOrders(centre.leader, this.orders.acknowledged, this.random),
      counters,
      rooms,
      different,
    };
    const storm = stormOf(this.plan);
    const agents = [...centre.agents.values(), ...centre.gone];
    const sum = (of: (one: (typeof agents)[number]) => number): number =>
      agents.reduce((total, one) => total + of(one), 0);
    return {
      seed,
      minutes,
      speed,
      ordersPerDay,
      day: {
        weekday,
        from: timeOfDay(fromMinute),
        to: timeOfDay(fromMinute + this.plan.minutes),
        storm: storm && { from: timeOfDay(fromMinute + storm.from), to: timeOfDay(fromMinute + storm.to) },
      },
      consoles: {
        connected,
        mostConnected: centre.mostConnected,
        seats,
        units: centre.units,
        cuts: this.consoles.cuts,
      },
      mismatches: mismatchesOf(checked),
      arrivals: {
        requests: arrivals.length,
        calls: arrivals.filter(({ by }) => by === 'phone').length,
        online: arrivals.filter(({ by }) => by === 'online').length,
        inStorm: arrivals.filter(({ storm: wet }) => wet).length,
      },
      calls: { ...exchange.counts },
      orders: {
        acknowledged: this.orders.acknowledged.size,
        withUnitAtWork: this.orders.finished.size,
        ratePerSecond: Math.round((this.orders.acknowledged.size / arrivalSeconds) * 10) / 10,
      },
      floor: {
        signedOn: sum(({ counts }) => counts.signedOn),
        changedHands: centre.changedHands,
        sentHome: centre.sentHome,
        handedOver: centre.watch.handedOver,
        breaks: sum(({ counts }) => counts.breaks),
        breaksRefused: sum(({ counts }) => counts.breaksRefused),
        moves: Object.fromEntries(centre.watch.seen),
      },
      commands: Object.fromEntries(this.acting.done),
      refusals: Object.fromEntries(this.acting.refused),
      latencyMs: this.latency.report(),
      answerMs: mapped(this.acting.answerMs, percentilesOf),
      seconds: { arrivals: tenths(arrivalSeconds), finishing: tenths(finishingSeconds) },
      checked: named(checked),
      notes: [
        'Arrivals and actors are made up from the seed; the hub’s clocks (offers, grace, wrap-up) ran in real time.',
        ...this.notes,
      ],
    };
  }

  private check(): void {
    if (this.failures.length > 0) throw this.failures[0];
  }
}

const mapped = <K extends string, V, R>(values: Record<K, V>, to: (value: V) => R): Record<K, R> =>
  Object.fromEntries(Object.entries<V>(values).map(([key, value]) => [key, to(value)])) as Record<K, R>;

const tenths = (value: number): number => Math.round(value * 10) / 10;

const LONGEST_TIMER_MS = 60_000;

async function untilTick(tick: number): Promise<void> {
  for (let left = tick - performance.now(); left > 0; left = tick - performance.now()) {
    await new Promise((go) => setTimeout(go, Math.min(left, LONGEST_TIMER_MS)));
  }
}

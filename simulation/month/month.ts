import type { ImportedNotice, NoticeReport } from '@minqing-hub/client-sdk/protocol';
import { chances } from '../chance.js';
import { Fault } from '../fault.js';
import { Progress, type Say } from '../progress.js';
import { untilAnswered } from '../until-answered.js';
import { Calamities } from './calamities.js';
import { HubTime } from './hub-time.js';
import { HOUR_MS, MINUTE_MS } from './limits.js';
import { madeUpNotice } from './made-up-notice.js';
import { MonthHub } from './month-hub.js';
import { MonthPeople } from './month-people.js';
import type { MonthOptions } from './options.js';
import type { CalendarSince } from './oracle.js';
import { OrderLife } from './order-life.js';
import { RedisServer } from './redis-server.js';
import { mismatchesOf, type MonthReport, reportOnSignals } from './report.js';
import { WatchedOrders } from './watched-orders.js';
import { dayNamed, startOfDay, WorkDays } from './work-days.js';

const DAY_MS = 24 * HOUR_MS;
/** Requests come in in waves, one for so many days, in the first so large a share of the month. */
const WAVE = { days: 2.5, share: 0.7 };
/** The notice of a year comes when so large a share of the month is over. */
const NOTICE_AT = 0.25;
/** Of the moves so many end a little before what comes next, so that a clock could ring too early; the others just after. */
const SHORT = { share: 0.15, ms: 250 };
/** The time is moved by whole seconds. */
const SECOND_MS = 1_000;
/** Of the moves so many go on beyond that, so that several things fall due at once. */
const LEAP = { share: 0.08, mostMs: 3 * HOUR_MS };
/** After the last day what is due is said, and what follows from it is done. */
const AFTERWARDS_MS = 3_000;

/**
 * A month of a hub of its own whose time is virtual: requests come in, people act in time, too late or never, holidays lie
 * in it, and the hub is killed now and then. What its log says is held against what the rule book makes of the same events.
 */
export class Month {
  private readonly time = new HubTime();
  private readonly calendars: CalendarSince[] = [];
  private readonly failures: unknown[] = [];
  private readonly failed = (fault: unknown): void => void this.failures.push(fault);
  private readonly random: () => number;
  private readonly notes: string[] = [];
  private readonly beginsAt: number;
  private readonly endsAt: number;
  private moves = 0;

  private constructor(
    private readonly hub: MonthHub,
    private readonly redis: RedisServer | null,
    private readonly people: MonthPeople,
    private readonly options: MonthOptions,
    private readonly say: Say,
  ) {
    this.random = chances(options.seed, 'month');
    this.beginsAt = startOfDay(dayNamed(options.start));
    this.endsAt = this.beginsAt + options.days * DAY_MS;
  }

  /** Starts a hub, and Redis where it is asked for, and takes both away afterwards. */
  static async run(options: MonthOptions, say: Say): Promise<MonthReport> {
    const started: { remove(): Promise<void> }[] = [];
    const remove = async (): Promise<void> => {
      for (const one of started.splice(0).reverse()) await one.remove();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void remove().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
    }
    try {
      const redis = options.alarms === 'bull' ? await RedisServer.started() : null;
      if (redis) started.push(redis);
      const hub = await MonthHub.create(options.configDir, options.password, redis?.url ?? null);
      started.push(hub);
      say('Starting a hub for the run.');
      await hub.start();
      const people = new MonthPeople(hub.url, options.password, options.seed);
      started.push(people);
      return await new Month(hub, redis, people, options, say).pass();
    } finally {
      await remove();
    }
  }

  private async pass(): Promise<MonthReport> {
    const begun = performance.now();
    const { seed, days, orders } = this.options;
    await this.moveTo(this.beginsAt);
    await this.readCalendar();
    const watched = new WatchedOrders(this.people, this.calendars);
    const calamities = new Calamities(this.hub, this.redis, this.time, this.options, {
      from: this.beginsAt,
      to: this.endsAt,
    });
    this.beginLives(watched);
    const progress = new Progress('Days', days, this.say);
    for (;;) {
      await this.untilQuiet();
      const next = Math.min(this.time.next, await watched.next(this.time.now()));
      if (next >= this.endsAt) break;
      await this.goTo(next, calamities);
      this.time.wakeDue();
      if (!(await watched.untilSaid(this.time.now()))) this.note('Something that was due was not said in time.');
      progress.at(Math.max(0, Math.floor((this.time.now() - this.beginsAt) / DAY_MS)));
    }
    await this.moveTo(this.endsAt);
    while (calamities.left > 0) await calamities.befall(this.time.now());
    await calamities.end();
    await new Promise((passed) => setTimeout(passed, AFTERWARDS_MS));
    progress.at(days);
    progress.end();
    this.check();

    this.say('Holding the log against the rule book.');
    const until = this.time.now() - AFTERWARDS_MS / 2;
    const held = await watched.holdAll(until);
    const notActedUpon = watched.notActedUpon(this.endsAt);
    await this.hub.stop();
    const verified = this.hub.verify();
    const { tooLate, ...signals } = reportOnSignals(held, {
      leaps: this.time.leaps,
      downs: calamities.downs,
      redisAway: calamities.redisAway,
      mostLateMs: this.options.mostLateMs,
    });
    const checked = {
      missing: held.flatMap(({ missing }) => missing),
      twice: held.flatMap(({ twice }) => twice),
      early: held.flatMap(({ early }) => early),
      afterStop: held.flatMap(({ afterStop }) => afterStop),
      tooLate,
      differing: held.flatMap(({ differing }) => differing),
      notActedUpon,
      log: verified === null ? [] : [verified],
    };
    const mismatches = mismatchesOf(checked);
    if (mismatches > 0 && this.hub.complained !== '') this.note(`The hub said: ${this.hub.complained}`);
    return {
      seed,
      from: this.options.start,
      days,
      alarms: this.options.alarms,
      mismatches,
      orders,
      faults: { kills: calamities.kills, redisLosses: calamities.redisLosses },
      ...signals,
      commands: Object.fromEntries(this.people.done),
      refusals: Object.fromEntries(this.people.refused),
      time: { seconds: Math.round((performance.now() - begun) / 100) / 10, moves: this.moves },
      checked,
      notes: this.notes,
    };
  }

  private beginLives(watched: WatchedOrders): void {
    const { orders, seed, days } = this.options;
    const setting = {
      people: this.people,
      time: this.time,
      seed,
      registered: (orderNo: string) => watched.touched(orderNo),
      touched: (orderNo: string) => watched.touched(orderNo),
    };
    const together = Math.ceil(orders / Math.ceil(days / WAVE.days));
    let bornAt = 0;
    for (let n = 0; n < orders; n += 1) {
      if (n % together === 0) bornAt = this.beginsAt + this.random() * days * DAY_MS * WAVE.share;
      const life = new OrderLife(`M${n}`, bornAt, setting);
      this.time.begin(() => life.live(), this.failed);
    }
    if (this.calendars[0]!.days.isNoticed(this.year)) return;
    this.time.begin(() => this.importNotice(watched), this.failed);
  }

  private get year(): number {
    return Number(this.options.start.slice(0, 4));
  }

  /** The year's notice comes while clocks run that were counted without it. */
  private async importNotice(watched: WatchedOrders): Promise<void> {
    await this.time.until(this.beginsAt + Math.floor(this.options.days * NOTICE_AT) * DAY_MS + 10.5 * HOUR_MS);
    const notice = madeUpNotice(this.year);
    const { year, off, work } = notice;
    const days = [...off.map((date) => ({ date, isOffDay: true })), ...work.map((date) => ({ date, isOffDay: false }))];
    const admin = await this.people.http('admin');
    const report = await untilAnswered(
      () => admin.post<NoticeReport>('/api/calendar/notices?source=模拟通知', { year, days }),
      this.random,
    );
    const [imported] = report.notices;
    if (!imported) throw new Fault(`The hub refused the notice: ${JSON.stringify(report.faults)}`);
    const others = this.calendars[0]!.days.notices;
    this.calendars.push({ at: imported.importedAt, days: new WorkDays([...others, notice]) });
    // What it moves is moved within moments.
    await this.time.until(this.time.now() + 2_000);
    watched.allTouched();
  }

  private async readCalendar(): Promise<void> {
    const notices = await this.people.get<ImportedNotice[]>('/api/calendar/notices');
    this.calendars.push({ at: 0, days: new WorkDays(notices.filter(({ inForce }) => inForce)) });
  }

  /** To the moment at which something is to be done or said; with a calamity on the way, if one is due. */
  private async goTo(next: number, calamities: Calamities): Promise<void> {
    const leap = this.random() < LEAP.share ? this.random() * LEAP.mostMs : 0;
    // A hub that is to be killed over the moment must see it come.
    const short = this.random() < SHORT.share || calamities.isNear(next);
    await this.moveTo(next + leap + (short ? -SHORT.ms : SECOND_MS - 1));
    await calamities.befall(next);
    const wait = next - this.time.now();
    if (wait > 0) await new Promise((passed) => setTimeout(passed, wait));
  }

  /** As near as whole seconds allow, and not beyond. */
  private async moveTo(at: number): Promise<void> {
    const seconds = Math.floor((Math.min(at, this.endsAt + MINUTE_MS) - this.time.now()) / SECOND_MS);
    if (seconds < 1) return;
    const moved = await this.people.issue('admin', 'advanceTime', { seconds });
    if (!moved) throw new Fault('The hub did not let its time be moved.');
    this.time.moved(moved.now - seconds * SECOND_MS, seconds * SECOND_MS);
    this.moves += 1;
    this.check();
  }

  private async untilQuiet(): Promise<void> {
    await this.time.untilQuiet();
    this.check();
  }

  private note(sentence: string): void {
    if (!this.notes.includes(sentence)) this.notes.push(sentence);
  }

  private check(): void {
    if (this.failures.length > 0) throw this.failures[0];
  }
}

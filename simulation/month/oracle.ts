import type { ClockBasis, ClockName, ClockSignal, LimitSource, TrailEntry } from '@minqing-hub/client-sdk/protocol';
import {
  ackLimit,
  acceptLimit,
  amberRest,
  arbitrationLimit,
  AT_ONCE_TOLD_AFTER_MS,
  CONTACT_LIMIT,
  dispatchLimit,
  endOfLimit,
  handlingLimit,
  HOUR_MS,
  knowsNoNight,
  type Limit,
  type Matter,
  QUIET,
  SIMPLE_TARGET,
  type Standard,
  UNREACHABLE,
} from './limits.js';
import { dayAt, endOfDay, hourAt, startOfDay, WorkDays, yearOf } from './work-days.js';

/** An entry of an order's trail, as the API gives it. */
export type Entry = Pick<TrailEntry, 'seq' | 'type' | 'at' | 'recordedAt' | 'data'>;

/** From this time on workdays are counted so. The first counts from ever. */
export interface CalendarSince {
  at: number;
  days: WorkDays;
}

/** What must have been said, or must not. */
export interface Expected {
  signal: ClockSignal;
  at: number;
  /** `may`: in the very moment at which the clock ended. `no`: it had ended before, or has not come to it yet. */
  must: 'yes' | 'may' | 'no';
  /** Place in the log of what ended the clock, or moved its due: it is said before that, or not any more. */
  before: number;
}

/** One clock of an order as it must have run. Times: ms UTC. */
export interface ExpectedClock {
  clock: ClockName;
  /** The how-manieth of its kind. */
  nth: number;
  basis: ClockBasis;
  limit: number;
  source: LimitSource;
  startedAt: number;
  dueAt: number;
  provisional: boolean;
  endedAt: number | null;
  signals: Expected[];
  /** Dues that it got while it ran, each in its turn: by a calendar, an extension, a promise, the end of a pause. */
  moved: { dueAt: number; provisional: boolean }[];
  /** With which due it began. */
  begun: { dueAt: number; provisional: boolean };
}

interface Running extends ExpectedClock {
  amberAt: number | null;
  /** Of days so many, from where it was counted last, if it warns before its last one. */
  target: number | null;
  leniencyMs: number;
  said: ClockSignal | null;
  countedFrom: number;
  counted: number;
  /** A promise counts instead of the limit: its day, or after a pause what was left of it. */
  promise: { dueAt: number } | { left: number } | null;
  /** When it was moved last: what that makes due at once is due then. */
  movedAt: number;
  paused: { at: number; left: number } | null;
  /** Pauses that are over, of when it was late already. */
  stood: { from: number; to: number }[];
}

const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Which clocks an order must have had and what they must have said by `until`, from the order's own events: written from
 * the rule book, beside the hub's code and not from it, so that one can be held against the other.
 */
export function clocksExpected(
  entries: readonly Entry[],
  standard: Standard | null,
  calendars: readonly CalendarSince[],
  until: number,
): ExpectedClock[] {
  return new Oracle(standard, calendars).follow(entries, until);
}

class Oracle {
  private readonly all: Running[] = [];
  private days: WorkDays;
  private since = 0;
  private readonly changes: CalendarSince[];
  private matter!: Matter;
  /** There was a ruling. */
  private barred = false;
  private state: 'centre' | 'with unit' | 'taken on' | 'other' = 'centre';
  private lead: string | null = null;
  /** Who answers for it: not moved by handing down. */
  private givenAt = 0;
  private attempts: { at: number; sms: boolean }[] = [];
  private everDispatched = false;
  private citizenServed = false;
  private suspendedUntil = Infinity;

  constructor(
    private readonly standard: Standard | null,
    calendars: readonly CalendarSince[],
  ) {
    const [first, ...later] = calendars;
    this.days = first?.days ?? new WorkDays([]);
    this.changes = [...later];
  }

  follow(entries: readonly Entry[], until: number): ExpectedClock[] {
    for (const entry of entries) {
      if (entry.type.startsWith('deadline.')) continue;
      this.passTo(entry.recordedAt);
      this.take(entry);
    }
    this.passTo(until);
    for (const clock of this.all) this.foretell(clock);
    return this.all;
  }

  private take({ type, seq, at, recordedAt: now, data }: Entry): void {
    switch (type) {
      case 'order.registered':
        this.matter = data as unknown as Matter;
        return this.start('ACCEPT', at, acceptLimit(this.matter), 'policy');
      case 'order.accepted':
        this.end('ACCEPT', now, seq);
        this.matter = data as unknown as Matter;
        return this.startDispatch(now);
      case 'order.answered':
      case 'order.refused':
      case 'order.merged':
        for (const { clock } of this.all) this.end(clock, now, seq);
        this.state = 'other';
        return;
      case 'order.dispatched':
        if (data.mode !== 'down') return this.dispatched(data, now, seq);
        // Inside of who answers for it: no clock of theirs begins anew.
        this.lead = data.unitId as string;
        return;
      case 'order.acknowledged':
      case 'order.auto_acknowledged':
        return this.takenOn(now, seq);
      case 'order.objected':
        this.end('ACK', now, seq);
        this.end('OBJECTION', now, seq);
        this.state = 'other';
        return this.start('ARBITRATION', now, arbitrationLimit(this.matter), 'policy');
      case 'order.objection_upheld':
        this.end('ARBITRATION', now, seq);
        this.end('CONTACT_UNIT', now, seq);
        this.lead = null;
        this.state = 'centre';
        return this.startDispatch(now);
      case 'order.force_assigned':
        this.barred = true;
        this.end('ARBITRATION', now, seq);
        if (data.unitId !== this.lead) this.givenTo(data.unitId as string, now, seq);
        this.state = 'taken on';
        return;
      case 'order.level_escalated':
        this.givenTo(data.toUnitId as string, now, seq);
        if (this.state === 'with unit') this.awaitAcknowledgement(now, seq);
        return;
      case 'order.contacted':
      case 'order.contact_failed':
        return this.contacted(type, data, at, now, seq);
      case 'order.suspended':
        this.suspendedUntil = data.until as number;
        return this.pause(now, seq);
      case 'order.resumed':
        // Not later than it was to be put aside for, whenever anybody noticed.
        return this.resume(Math.min(now, this.suspendedUntil), now);
      case 'order.extended':
        return this.extend(data.extra as number, now, seq);
      case 'order.due_promised':
        return this.promise(data.dueAt as number, now, seq);
      default:
        return;
    }
  }

  private startDispatch(now: number): void {
    const { responseLevel } = this.matter;
    const limit = dispatchLimit(this.matter);
    const endOfThisDay = responseLevel === 'expedited' ? endOfDay(dayAt(now)) : Infinity;
    const dueAt = Math.min(now + limit.amount, endOfThisDay);
    this.start('DISPATCH', now, limit, endOfThisDay < now + limit.amount ? 'level' : 'policy', dueAt);
  }

  private dispatched(data: Entry['data'], now: number, seq: number): void {
    this.end('DISPATCH', now, seq);
    this.barred ||= data.mode === 'ruling';
    this.givenTo(data.unitId as string, now, seq);
    this.awaitAcknowledgement(now, seq);
    if (this.everDispatched) return;
    this.everDispatched = true;
    if (!this.citizenServed) this.start('CONTACT_CITIZEN', now, CONTACT_LIMIT, 'policy');
    const { limit, source } = handlingLimit(this.matter, this.standard, now, this.days);
    this.start('HANDLING', now, limit, source);
  }

  /** By the desk or an arbiter: another unit answers from now on, with a day of its own to speak with the requester. */
  private givenTo(unitId: string, now: number, seq: number): void {
    this.end('CONTACT_UNIT', now, seq);
    this.lead = unitId;
    this.givenAt = now;
    this.attempts = [];
    this.start('CONTACT_UNIT', now, CONTACT_LIMIT, 'policy');
  }

  private awaitAcknowledgement(now: number, seq: number): void {
    this.end('ACK', now, seq);
    this.end('OBJECTION', now, seq);
    this.state = 'with unit';
    this.start('ACK', now, ackLimit(this.matter), 'policy');
    // Nobody objects in an emergency, or against a ruling.
    if (this.matter.route !== 'emergency' && !this.barred) {
      this.start('OBJECTION', now, ackLimit(this.matter), 'policy');
    }
  }

  private takenOn(now: number, seq: number): void {
    this.end('ACK', now, seq);
    this.end('OBJECTION', now, seq);
    this.state = 'taken on';
  }

  private contacted(type: string, data: Entry['data'], at: number, now: number, seq: number): void {
    const byLead = data.unitId === this.lead;
    if (this.state === 'with unit' && byLead) this.takenOn(now, seq);
    if (type === 'order.contacted') {
      this.citizenServed = true;
      this.end('CONTACT_CITIZEN', now, seq);
      if (byLead) this.end('CONTACT_UNIT', now, seq);
      return;
    }
    if (!byLead || !this.isAttempt(at)) return;
    this.attempts.push({ at, sms: data.channel === 'sms' });
    if (!this.open('CONTACT_UNIT') || !this.isUnreachable()) return;
    this.citizenServed = true;
    this.end('CONTACT_UNIT', now, seq);
    this.end('CONTACT_CITIZEN', now, seq);
  }

  private isAttempt(at: number): boolean {
    const hour = hourAt(at);
    const byDay = hour >= UNREACHABLE.fromHour && hour < UNREACHABLE.toHour;
    return at >= this.givenAt && (byDay || knowsNoNight(this.matter));
  }

  private isUnreachable(): boolean {
    if (!this.attempts.some(({ sms }) => sms)) return false;
    const calls = this.attempts.filter(({ sms }) => !sms).map(({ at }) => at);
    const bandOf = (at: number): number => [12, 18, 24].findIndex((end) => hourAt(at) < end);
    const apart = (a: number, b: number): boolean => Math.abs(a - b) >= UNREACHABLE.apartMs;
    // Any three of them.
    return calls.some((a) =>
      calls.some((b) => apart(a, b) && bandOf(a) !== bandOf(b) && calls.some((c) => apart(a, c) && apart(b, c))),
    );
  }

  private start(clock: ClockName, at: number, { basis, amount }: Limit, source: LimitSource, dueAt?: number): void {
    const due = endOfLimit(at, { basis, amount }, this.days);
    const atOnce = basis === 'wall' && amount === 0;
    const one: Running = {
      clock,
      nth: this.all.filter((other) => other.clock === clock).length + 1,
      basis,
      limit: amount,
      source: atOnce ? 'level' : source,
      startedAt: at,
      dueAt: dueAt ?? due.at,
      provisional: due.provisional,
      begun: { dueAt: dueAt ?? due.at, provisional: due.provisional },
      endedAt: null,
      signals: [],
      moved: [],
      amberAt: null,
      target: source === 'route' ? SIMPLE_TARGET : null,
      leniencyMs: atOnce ? AT_ONCE_TOLD_AFTER_MS : 0,
      said: null,
      countedFrom: at,
      counted: amount,
      promise: null,
      movedAt: at,
      paused: null,
      stood: [],
    };
    one.amberAt = this.amberOf(one);
    this.all.push(one);
  }

  private amberOf(one: Running): number | null {
    const { clock, basis, limit, startedAt, dueAt } = one;
    let at = basis === 'workday' ? this.lastWorkday(dueAt) : dueAt - amberRest({ basis, amount: limit });
    at = Math.min(at, this.endOfTarget(one));
    if (clock === 'CONTACT_UNIT' || clock === 'CONTACT_CITIZEN') at = this.beforeNight(at, dueAt);
    at = Math.max(at, startedAt);
    return at < dueAt ? at : null;
  }

  private lastWorkday(dueAt: number): number {
    let day = dayAt(dueAt - 1);
    while (!this.days.isWorked(day)) day -= 1;
    return startOfDay(day);
  }

  private endOfTarget({ target, countedFrom, basis }: Running): number {
    if (target === null) return Infinity;
    return this.endOf(countedFrom, basis, target).at;
  }

  private beforeNight(amberAt: number, dueAt: number): number {
    const hour = hourAt(dueAt);
    if (knowsNoNight(this.matter) || (hour > QUIET.toHour && hour <= QUIET.fromHour)) return amberAt;
    // At the hour itself nobody has been called since the evening before.
    const evening = hour <= QUIET.toHour ? dayAt(dueAt) - 1 : dayAt(dueAt);
    return Math.min(amberAt, startOfDay(evening) + QUIET.warnHour * HOUR_MS);
  }

  private open(clock: ClockName): Running | undefined {
    return this.all.find((one) => one.clock === clock && one.endedAt === null);
  }

  private end(clock: ClockName, now: number, seq: number): void {
    const one = this.open(clock);
    if (!one) return;
    this.bar(one, now, seq);
    one.endedAt = now;
  }

  /** What it says after this it says wrongly. */
  private bar(one: Running, now: number, seq: number): void {
    for (const signal of one.signals) {
      if (signal.before === NEVER && signal.must !== 'no') {
        signal.before = seq;
        if (signal.at === now) signal.must = 'may';
      }
    }
  }

  private pause(now: number, seq: number): void {
    const one = this.open('HANDLING');
    if (!one || one.paused) return;
    const { basis, dueAt } = one;
    this.bar(one, now, seq);
    one.paused = { at: now, left: this.leftUntil(dueAt, now, basis) };
  }

  private leftUntil(dueAt: number, now: number, basis: ClockBasis): number {
    if (basis === 'wall') return dueAt - now;
    // 24:00 is of the day that ends.
    const [today, last] = [dayAt(now - 1), dayAt(dueAt - 1)];
    return basis === 'day' ? last - today : this.days.between(today, last);
  }

  private resume(from: number, now: number): void {
    const one = this.open('HANDLING');
    if (!one?.paused) return;
    const { left, at } = one.paused;
    one.paused = null;
    one.movedAt = now;
    if (one.dueAt <= at) {
      one.stood.push({ from: at, to: from });
      return;
    }
    const { basis, dueAt: before, amberAt } = one;
    const own =
      one.promise === null ? left : this.leftUntil(this.endOf(one.countedFrom, basis, one.counted).at, at, basis);
    // What was used up of it was used up of its target, too.
    if (one.target !== null) one.target = Math.max(0, one.target - (one.counted - own));
    one.countedFrom = basis === 'wall' ? from : from - 1;
    one.counted = own;
    if (one.promise !== null) one.promise = { left };
    const due = this.endOf(one.countedFrom, basis, left);
    one.dueAt = due.at;
    one.provisional = due.provisional;
    one.moved.push({ dueAt: due.at, provisional: due.provisional });
    if (amberAt === null) return;
    one.amberAt = basis === 'workday' ? this.amberOf(one) : amberAt + (due.at - before);
  }

  /** Of nothing that was left the rest of the day, or of the next that counts. */
  private endOf(from: number, basis: ClockBasis, amount: number): { at: number; provisional: boolean } {
    if (basis === 'wall' || amount > 0) return endOfLimit(from, { basis, amount }, this.days);
    // When a day ends nothing remains of it.
    const today = dayAt(from + 1);
    if (basis === 'day') return { at: endOfDay(today), provisional: false };
    // Of a year without a notice nobody knows yet whether today is worked.
    const unsure = !this.days.isNoticed(yearOf(today));
    if (this.days.isWorked(today)) return { at: endOfDay(today), provisional: unsure };
    const { day, provisional } = this.days.after(today, 1);
    return { at: endOfDay(day), provisional: provisional || unsure };
  }

  private extend(extra: number, now: number, seq: number): void {
    const one = this.open('HANDLING');
    if (!one) return;
    const own = this.endOf(one.countedFrom, one.basis, one.counted).at;
    // Where the due was held back from the past it goes on from there.
    if (own < one.dueAt || one.counted <= 0) {
      const from = one.basis === 'wall' ? one.countedFrom : one.countedFrom + 1;
      one.counted = this.leftUntil(Math.max(own, one.dueAt), from, one.basis);
    }
    one.counted += extra;
    one.promise = null;
    const { at, provisional } = this.endOf(one.countedFrom, one.basis, one.counted);
    this.moveTo(one, { dueAt: at, provisional }, now, seq);
  }

  private promise(dueAt: number, now: number, seq: number): void {
    const one = this.open('HANDLING');
    if (!one || dueAt >= one.dueAt) return;
    one.promise = { dueAt };
    this.moveTo(one, { dueAt, provisional: false }, now, seq);
  }

  /** What was said of the due that it had is not said again of this one. */
  private moveTo(one: Running, { dueAt, provisional }: ExpectedClock['begun'], now: number, seq: number): void {
    const before = one.dueAt;
    for (const signal of one.signals) if (signal.before === NEVER) signal.before = seq;
    one.dueAt = dueAt;
    one.provisional = provisional;
    one.movedAt = now;
    one.moved.push({ dueAt, provisional });
    if (one.basis === 'workday') one.amberAt = this.amberOf(one);
    else if (one.amberAt !== null) one.amberAt += dueAt - before;
  }

  /** Time goes by: clocks say what they have to say, and calendars come. */
  private passTo(now: number): void {
    while (this.changes[0] && this.changes[0].at <= now) {
      const { at, days } = this.changes.shift()!;
      for (const one of this.all) this.speak(one, at);
      this.days = days;
      this.since = at;
      for (const one of this.all) this.recount(one, at);
    }
    for (const one of this.all) this.speak(one, now);
  }

  private speak(one: Running, now: number): void {
    if (one.endedAt !== null || one.paused) return;
    for (let next = this.next(one); next && next.at <= now; next = this.next(one)) {
      // What brings it into the past, a calendar or an extension, makes it due at once.
      const at = Math.max(next.at, this.since, one.movedAt);
      one.signals.push({ signal: next.signal, at, must: 'yes', before: NEVER });
      one.said = next.signal;
    }
  }

  private next(one: Running): { signal: ClockSignal; at: number } | null {
    const { clock, said, amberAt, dueAt, leniencyMs } = one;
    const repeated = (n: number): number => this.lateFor(one, n);
    if (said === null && amberAt !== null) return { signal: 'amber', at: amberAt };
    if (said === null || said === 'amber') return { signal: 'overdue', at: dueAt + leniencyMs };
    if (said === 'overdue' && clock === 'OBJECTION') return null;
    if (said === 'overdue') return { signal: 'overdue_1wd', at: repeated(1) };
    if (said === 'overdue_1wd') return { signal: 'overdue_3wd', at: repeated(3) };
    return null;
  }

  /**
   * The end of the n-th workday after the due that did not begin while it stood still. One that ended while it did is over
   * with the day on which it goes on, if that is worked, or the next that is.
   */
  private lateFor({ dueAt, stood }: Running, n: number): number {
    const still = (at: number) => stood.find(({ from, to }) => from <= at && at < to);
    let day = dayAt(dueAt - 1);
    for (let left = n; left > 0;) {
      day += 1;
      if (this.days.isWorked(day) && !still(startOfDay(day))) left -= 1;
    }
    for (let pause = still(endOfDay(day)); pause; pause = still(endOfDay(day))) {
      day = dayAt(pause.to);
      while (!this.days.isWorked(day)) day += 1;
    }
    return endOfDay(day);
  }

  /** A due that has passed stays; none comes to lie in the past. */
  private recount(one: Running, now: number): void {
    const { basis, endedAt, paused, promise, dueAt } = one;
    if (basis !== 'workday' || endedAt !== null || paused || dueAt <= now) return;
    if (promise && 'dueAt' in promise) {
      one.amberAt = this.amberOf(one);
      return;
    }
    const due = this.endOf(one.countedFrom, basis, promise ? promise.left : one.counted);
    const at = due.at > now ? due.at : endOfDay(dayAt(now));
    if (at === dueAt && due.provisional === one.provisional) {
      one.amberAt = this.amberOf(one);
      return;
    }
    one.dueAt = at;
    one.provisional = due.provisional;
    one.amberAt = this.amberOf(one);
    one.moved.push({ dueAt: at, provisional: due.provisional });
  }

  /** What it would have said next: said all the same, it was said too early, or after its end. */
  private foretell(one: Running): void {
    for (let next = this.next(one); next; next = this.next(one)) {
      one.signals.push({ ...next, must: 'no', before: NEVER });
      one.said = next.signal;
    }
  }
}

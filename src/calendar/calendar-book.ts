import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type HolidayNotice, WorkCalendar } from '../domain/calendar/work-calendar.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Tail } from '../event-log/tail.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { daysOffByLaw } from './feasts.js';
import { NoticeStore } from './notice-store.js';
import { NoticesAtStart } from './notices-at-start.js';

/** What is kept in memory of the notice of a year. */
interface HeldNotice extends HolidayNotice {
  noticeId: string;
  version: number;
}

/**
 * The calendar in force, at once: memory of this node, read from the rows before anything asks, then kept by the log. A
 * notice counts from its event's place on, not inside the transaction that imports it. [WD10]
 */
@Injectable()
export class CalendarBook implements OnApplicationShutdown {
  private readonly held = new Map<number, HeldNotice>();
  private current = new WorkCalendar([], daysOffByLaw);
  /** The tail hands out from here on what is placed. */
  private following = false;
  /** The rows of a new log are still to be read: what it has told since. */
  private toldAnew: HeldNotice[] | undefined;
  private reading: Promise<void> | undefined;
  private readonly log = new Logger('CalendarBook');

  private constructor(
    private readonly store: NoticeStore,
    private readonly readModel: ReadModel,
    private readonly tail: Tail,
  ) {}

  /** With the notices of the database, and those that come with the hub. */
  static async open(
    this: void,
    store: NoticeStore,
    atStart: NoticesAtStart,
    readModel: ReadModel,
    tail: Tail,
  ): Promise<CalendarBook> {
    await atStart.takeIn();
    const book = new CalendarBook(store, readModel, tail);
    await book.read();
    tail.onPlaced((events) => book.follow(events));
    tail.onNewLog(() => book.beginAnew());
    return book;
  }

  get calendar(): WorkCalendar {
    return this.current;
  }

  /**
   * The calendar as it is after the event at `seq`. For reactions, which follow the log by themselves and may be ahead of
   * what this node has been told. Throws in an outage: they are run again.
   */
  async calendarAt(seq: number): Promise<WorkCalendar> {
    await this.tail.reached(seq);
    await this.reading;
    // Not told of anything yet, or the look at the start failed: the rows are never behind an event.
    if (!this.following) await this.read();
    return this.current;
  }

  /** The notices by which these years are counted; a year without one is counted by the law. */
  noticesOf(fromYear: number, toYear: number): { year: number; noticeId: string }[] {
    return [...this.held.values()]
      .filter(({ year }) => year >= fromYear && year <= toYear)
      .map(({ year, noticeId }) => ({ year, noticeId }))
      .sort((a, b) => a.year - b.year);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.reading;
  }

  private follow(events: readonly LoggedEvent[]): void {
    // What another node placed while this one was starting was handed to nobody.
    if (!this.following) this.readAgain();
    this.following = true;
    const told = events.filter(({ type }) => type === 'calendar.imported');
    const notices = told.map(({ data }) => data as unknown as HeldNotice);
    this.toldAnew?.push(...notices);
    this.take(notices);
  }

  /** What another log has not told was never imported. */
  private beginAnew(): void {
    this.toldAnew = [];
    this.readAgain();
  }

  private readAgain(): void {
    this.reading = this.read().catch((error: unknown) => {
      this.log.error('the notices could not be read again; tried again with the next event', error as Error);
      this.following = false;
    });
  }

  private async read(): Promise<void> {
    const { toldAnew } = this;
    const inForce = await this.readModel.run((tx) => this.store.inForce(tx));
    // The log became another one, which these rows may not be of.
    if (toldAnew !== this.toldAnew) return this.read();
    if (toldAnew) this.holdNothing();
    this.take([...inForce, ...(toldAnew ?? [])]);
    this.toldAnew = undefined;
  }

  private holdNothing(): void {
    this.held.clear();
    this.current = new WorkCalendar([], daysOffByLaw);
  }

  /** In whatever order they come, and however often: of a year the highest version stays. */
  private take(notices: readonly HeldNotice[]): void {
    const newer = notices.filter(({ year, version }) => version > (this.held.get(year)?.version ?? 0));
    if (newer.length === 0) return;
    for (const { year, noticeId, version, off, work } of newer) {
      if (version > (this.held.get(year)?.version ?? 0)) this.held.set(year, { year, noticeId, version, off, work });
    }
    // Of a December that two notices name, the later year's says more.
    const byYear = [...this.held.values()].sort((a, b) => a.year - b.year);
    this.current = new WorkCalendar(byYear, daysOffByLaw);
  }
}

import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { NoticeForm } from '@minqing-hub/client-sdk/protocol';
import { derivedId } from '../commands/derived-id.js';
import { firstChange } from '../domain/calendar/calendar-change.js';
import { type HolidayNotice, WorkCalendar } from '../domain/calendar/work-calendar.js';
import { EventLog, type Origin } from '../event-log/event-log.js';
import type { Tx } from '../storage/unit-of-work.js';
import { daysOffByLaw } from './feasts.js';
import { NoticeStore, type StoredNotice } from './notice-store.js';

export interface NewNotice extends HolidayNotice {
  source: string;
  form: NoticeForm;
  /** The text that it was read from. */
  file: string;
}

/** Takes notices in, in the caller's transaction: the row, and the event by which every node learns of it. [WD8] [WD10] */
@Injectable()
export class NoticeLedger {
  constructor(
    private readonly store: NoticeStore,
    private readonly eventLog: EventLog,
  ) {}

  /**
   * The notice that counts for the year now, and whether it is a new one: the very file that it came in makes none.
   * `undefined`: somebody else takes in one of the year at the same moment.
   */
  async take(tx: Tx, origin: Origin, notice: NewNotice): Promise<{ notice: StoredNotice; isNew: boolean } | undefined> {
    const inForce = await this.store.inForce(tx);
    const before = inForce.find(({ year }) => year === notice.year);
    const fileHash = createHash('sha256').update(notice.file).digest('hex');
    if (before?.fileHash === fileHash) return { notice: before, isNew: false };

    const version = (before?.version ?? 0) + 1;
    const { year, off, work, source, form } = notice;
    const stored: StoredNotice = {
      noticeId: derivedId('holiday-notice', String(year), String(version)),
      year,
      version,
      off,
      work,
      source,
      form,
      fileHash,
      importedAt: origin.recordedAt,
      importedBy: origin.actorId,
    };
    if (!(await this.store.add(tx, stored))) return undefined;
    await this.tell(tx, origin, stored, inForce);
    return { notice: stored, isNew: true };
  }

  /** With its days, so that the log alone tells how days were counted [I8]; its source is somebody's words and lies in the row. */
  private async tell(tx: Tx, origin: Origin, notice: StoredNotice, inForce: readonly StoredNotice[]): Promise<void> {
    const { year, noticeId, version, form, off, work } = notice;
    const others = inForce.filter((one) => one.year !== year);
    const before = new WorkCalendar(inForce, daysOffByLaw);
    const after = new WorkCalendar(
      [...others, notice].sort((a, b) => a.year - b.year),
      daysOffByLaw,
    );
    await this.eventLog.append(tx, origin, [
      {
        subject: 'hub:calendar',
        type: 'calendar.imported',
        at: origin.recordedAt,
        version: null,
        data: { year, noticeId, version, form, off, work, changedFrom: firstChange(before, after, year) },
        card: null,
        rooms: {},
      },
    ]);
  }
}

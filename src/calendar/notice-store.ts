import { Injectable } from '@nestjs/common';
import type { NoticeForm } from '@minqing-hub/client-sdk/protocol';
import type { HolidayNotice } from '../domain/calendar/work-calendar.js';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';

/** A notice as it was imported; of a year the highest version is in force. */
export interface StoredNotice extends HolidayNotice {
  noticeId: string;
  version: number;
  source: string;
  form: NoticeForm;
  fileHash: string;
  importedAt: number;
  importedBy: string;
}

interface NoticeRow {
  year: number;
  version: number;
  notice_id: string;
  days_off: string;
  days_worked: string;
  source: string;
  form: NoticeForm;
  file_hash: string;
  imported_at: number;
  imported_by: string;
}

/** Rows of `holiday_notice`. One, once written, never changes and never goes. [WD8] */
@Injectable()
export class NoticeStore {
  /** All that ever were imported: the last years first, and of each the newest. */
  async all(tx: ReadTx): Promise<StoredNotice[]> {
    const rows = await tx.all<NoticeRow>('SELECT * FROM holiday_notice ORDER BY year DESC, version DESC');
    return rows.map(noticeOf);
  }

  /** The one of each year that counts, by year. */
  async inForce(tx: ReadTx): Promise<StoredNotice[]> {
    const rows = await tx.all<NoticeRow>(
      `SELECT n.* FROM holiday_notice n
       JOIN (SELECT year, MAX(version) AS version FROM holiday_notice GROUP BY year) newest
         ON newest.year = n.year AND newest.version = n.version
       ORDER BY n.year`,
    );
    return rows.map(noticeOf);
  }

  /** Answers false, and writes nothing, when somebody else has given the year this version meanwhile. */
  async add(tx: Tx, notice: StoredNotice): Promise<boolean> {
    return tx.insertIfAbsent('holiday_notice', {
      year: notice.year,
      version: notice.version,
      notice_id: notice.noticeId,
      days_off: JSON.stringify(notice.off),
      days_worked: JSON.stringify(notice.work),
      source: notice.source,
      form: notice.form,
      file_hash: notice.fileHash,
      imported_at: notice.importedAt,
      imported_by: notice.importedBy,
    });
  }
}

const noticeOf = (row: NoticeRow): StoredNotice => ({
  noticeId: row.notice_id,
  year: row.year,
  version: row.version,
  off: JSON.parse(row.days_off) as string[],
  work: JSON.parse(row.days_worked) as string[],
  source: row.source,
  form: row.form,
  fileHash: row.file_hash,
  importedAt: row.imported_at,
  importedBy: row.imported_by,
});

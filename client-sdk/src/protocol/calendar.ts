/**
 * In which form a notice came: `hub`, with the program itself; `holiday-cn` `{year, days}`; `chinese-days` `{holidays,
 * workdays}`; `ics`, iCalendar.
 */
export type NoticeForm = 'hub' | 'holiday-cn' | 'chinese-days' | 'ics';

/** The notice of one year, as it was imported. Days: `YYYY-MM-DD`, in Shanghai. */
export interface ImportedNotice {
  noticeId: string;
  year: number;
  /** Counts up for each year. */
  version: number;
  /** Days off, and days of a weekend that are worked for them. */
  off: string[];
  work: string[];
  /** The notice's address, or its title. */
  source: string;
  form: NoticeForm;
  importedAt: number;
  importedBy: string;
  /** The last one of its year. */
  inForce: boolean;
}

/** Something in a notice's file that cannot be so. `where`: the day or line it stands at. */
export interface NoticeFault {
  where: string;
  reason: string;
  clause: string;
}

/** `POST /api/calendar/notices`, `importHolidayNotice` */
export interface NoticeReport {
  status: 'imported' | 'unchanged' | 'refused';
  /** What the file became, one for each of its years; `unchanged`: what it is already; `refused`: none. */
  notices: ImportedNotice[];
  /** All of them; a file with one is refused as a whole. */
  faults: NoticeFault[];
  /** What no rule forbids, but somebody should look at. */
  remarks: Pick<NoticeFault, 'where' | 'reason'>[];
}

/** `GET /api/calendar/due?start=&n=&basis=` */
export interface CalendarDue {
  start: string;
  n: number;
  basis: 'workday' | 'day';
  /** The last day; it counts to its end. */
  day: string;
  /** 24:00 of that day, ms UTC. */
  dueAt: number;
  /** A year on the way has no official notice yet, so this may still move. */
  provisional: boolean;
  /** The notices that were counted by. */
  noticeIds: string[];
}

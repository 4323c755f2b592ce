import { Global, Module } from '@nestjs/common';
import { Tail } from '../event-log/tail.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { CalendarBook } from './calendar-book.js';
import { CalendarController } from './calendar.controller.js';
import { ImportHolidayNotice } from './commands/import-holiday-notice.js';
import { NoticeLedger } from './notice-ledger.js';
import { NoticeStore } from './notice-store.js';
import { NoticesAtStart } from './notices-at-start.js';

/** Which days are worked: the notices of each year, imported, kept with their sources, in force on every node. */
@Global()
@Module({
  controllers: [CalendarController],
  providers: [
    NoticeStore,
    NoticeLedger,
    NoticesAtStart,
    {
      provide: CalendarBook,
      inject: [NoticeStore, NoticesAtStart, ReadModel, Tail],
      useFactory: CalendarBook.open,
    },
    ImportHolidayNotice,
  ],
  exports: [CalendarBook],
})
export class CalendarModule {}

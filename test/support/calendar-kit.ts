import { randomUUID } from 'node:crypto';
import type { DiscoveryService } from '@nestjs/core';
import { Reflector } from '@nestjs/core';
import type { CommandPayload } from '@minqing-hub/client-sdk/protocol';
import { CalendarBook } from '../../src/calendar/calendar-book.js';
import { ImportHolidayNotice } from '../../src/calendar/commands/import-holiday-notice.js';
import { NoticeLedger } from '../../src/calendar/notice-ledger.js';
import { type StoredNotice, NoticeStore } from '../../src/calendar/notice-store.js';
import { NoticesAtStart } from '../../src/calendar/notices-at-start.js';
import { type Answer, CommandBus } from '../../src/commands/command-bus.js';
import { readSettings } from '../../src/config/settings.js';
import type { LoggedEvent } from '../../src/event-log/logged-event.js';
import { Tail } from '../../src/event-log/tail.js';
import { AccountStore } from '../../src/identity/account-store.js';
import type { Actor } from '../../src/identity/actor.js';
import { People } from '../../src/identity/people.js';
import type { ReadModel } from '../../src/storage/unit-of-work.js';
import { FakeClock } from './fake-clock.js';
import { allPlaced, openTestStore, type TestStore } from './store.js';

const ADMIN: Actor = { userId: 'admin', name: '管理员', roles: ['policy_admin'], unitId: null };

/** What one hub node has of the calendar. */
export interface CalendarNode {
  book: CalendarBook;
  tail: Tail;
}

export interface CalendarKit extends TestStore {
  clock: FakeClock;
  store: NoticeStore;
  /** As a policy administrator. */
  importNotice(payload: CommandPayload<'importHolidayNotice'>, commandId?: string): Promise<Answer>;
  /** All that were ever imported. */
  stored(): Promise<StoredNotice[]>;
  /** Of what was committed up to now. */
  events(): Promise<LoggedEvent[]>;
  /** Another node on the same database. `readModel`: as that node reads; `configDir`: what comes with its program. */
  node(options?: { readModel?: ReadModel; started?: boolean; configDir?: string }): Promise<CalendarNode>;
}

/** The calendar on a real, empty database. */
export async function openCalendarKit(): Promise<CalendarKit> {
  const test = await openTestStore();
  const { unitOfWork, readModel, eventLog, placing, reader } = test;
  const clock = new FakeClock();
  const settings = readSettings({ HUB_DATA_DIR: test.folder });
  const store = new NoticeStore();
  const ledger = new NoticeLedger(store, eventLog);
  const discovery = { getProviders: () => [{ instance: new ImportHolidayNotice(ledger) }] };
  const bus = new CommandBus(
    discovery as unknown as DiscoveryService,
    new Reflector(),
    unitOfWork,
    clock,
    new People(),
    settings,
  );
  bus.onModuleInit();
  const account = { ...ADMIN, seatId: null, active: true, demo: false };
  await unitOfWork.run((tx) => new AccountStore(eventLog).add(tx, account, 'no hash'));
  const nodes: CalendarNode[] = [];
  return {
    ...test,
    clock,
    store,
    importNotice: (payload, commandId = randomUUID()) =>
      bus.execute(ADMIN, { name: 'importHolidayNotice', commandId, payload }),
    stored: () => readModel.run((tx) => store.all(tx)),
    events: async () => (await allPlaced(test)).filter(({ type }) => type === 'calendar.imported'),
    node: async ({ readModel: reads = readModel, started = true, configDir = settings.configDir } = {}) => {
      const tail = new Tail(reader, clock, placing);
      const atStart = new NoticesAtStart(store, ledger, { ...settings, configDir }, unitOfWork, reads, clock);
      const book = await CalendarBook.open(store, atStart, reads, tail);
      if (started) await tail.start();
      const node = { book, tail };
      nodes.push(node);
      return node;
    },
    close: async () => {
      for (const { book, tail } of nodes) {
        await tail.onApplicationShutdown();
        await book.onApplicationShutdown();
      }
      await test.close();
    },
  };
}

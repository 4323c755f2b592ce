import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import type { Actor, Latest, Presence, QueueId, Role } from '@minqing-hub/client-sdk/protocol';
import { IsBoolean, IsInt, IsOptional, IsString } from 'class-validator';
import { storageOf } from '../../src/app.module.js';
import { CalendarBook } from '../../src/calendar/calendar-book.js';
import { NoticeLedger } from '../../src/calendar/notice-ledger.js';
import { NoticeStore } from '../../src/calendar/notice-store.js';
import { NoticesAtStart } from '../../src/calendar/notices-at-start.js';
import { type Answer, CommandBus } from '../../src/commands/command-bus.js';
import { type CommandContext, CommandHandler } from '../../src/commands/command-handler.js';
import { Handles } from '../../src/commands/handles.js';
import { ConfigModule } from '../../src/config/config.module.js';
import type { PolicyKey } from '../../src/config/policy-keys.js';
import { type PolicyValue, readPolicy } from '../../src/config/policy.js';
import { readSettings, type Settings } from '../../src/config/settings.js';
import { Beat } from '../../src/deadlines/beat.js';
import { DeadlinesModule } from '../../src/deadlines/deadlines.module.js';
import { InProcessAlarms } from '../../src/deadlines/in-process-alarms.js';
import { RingClock } from '../../src/deadlines/ring-clock.js';
import { Timer } from '../../src/deadlines/timer.js';
import { ok } from '../../src/domain/result.js';
import { EventLogModule } from '../../src/event-log/event-log.module.js';
import { LatestValues } from '../../src/event-log/latest-values.js';
import { type LoggedEvent } from '../../src/event-log/logged-event.js';
import { LogReader } from '../../src/event-log/log-reader.js';
import { Placing } from '../../src/event-log/placing.js';
import { Tail } from '../../src/event-log/tail.js';
import { AccountStore } from '../../src/identity/account-store.js';
import { SYSTEM } from '../../src/identity/actor.js';
import { HubSettings } from '../../src/identity/hub-settings.js';
import { People } from '../../src/identity/people.js';
import { Seating } from '../../src/identity/seating.js';
import { UserSkills } from '../../src/identity/user-skills.js';
import { Matcher } from '../../src/queues/matcher.js';
import { QueueLedger } from '../../src/queues/queue-ledger.js';
import { QueuesModule } from '../../src/queues/queues.module.js';
import { SeatSockets } from '../../src/queues/seat-sockets.js';
import type { StoredItem } from '../../src/queues/item-store.js';
import { ItemStore } from '../../src/queues/item-store.js';
import { SeatStore, type StoredSeat } from '../../src/queues/seat-store.js';
import { OwnTime, SharedTime } from '../../src/storage/shared-time.js';
import { ReadModel, UnitOfWork } from '../../src/storage/unit-of-work.js';
import { FakeClock } from './fake-clock.js';
import { environmentOf, giveBackDatabaseOf } from './profile.js';
import { FakeTimer } from './fake-timer.js';

class EnqueuePayload {
  @IsString() queueId!: QueueId;
  @IsString() orderNo!: string;
  @IsOptional() @IsBoolean() critical?: boolean;
  @IsOptional() @IsInt() dueAt?: number;
  @IsOptional() @IsString() claimedBy?: string;
  @IsOptional() @IsString() visibility?: 'public' | 'internal' | 'confidential';
  @IsOptional() @IsString() field?: string;
  @IsOptional() @IsString() dialect?: string;
  @IsOptional() @IsBoolean() emergency?: boolean;
}

const EVERYBODY: readonly Role[] = ['agent', 'dispatcher', 'arbiter', 'system'];

/** Stands for the commands of orders, which put work into queues and take it out. */
@Handles('testEnqueue')
class TestEnqueue extends CommandHandler<EnqueuePayload, object> {
  readonly payload = EnqueuePayload;
  readonly who = EVERYBODY;

  constructor(private readonly queues: QueueLedger) {
    super();
  }

  async handle(payload: EnqueuePayload, context: CommandContext) {
    const { critical = false, dueAt = null, visibility = 'public', ...work } = payload;
    await this.queues.enqueue(context, {
      ...work,
      critical,
      dueAt,
      visibility,
      kind: 'complaint',
      grade: 'normal',
      catalogCode: 'C1',
      areaCode: 'A1',
    });
    return ok({});
  }
}

@Handles('testDone')
class TestDone extends CommandHandler<EnqueuePayload, { holder: string | null }> {
  readonly payload = EnqueuePayload;
  readonly who = EVERYBODY;

  constructor(private readonly queues: QueueLedger) {
    super();
  }

  async handle({ orderNo, queueId }: EnqueuePayload, context: CommandContext) {
    const holder = await this.queues.holder(context, orderNo, queueId);
    await this.queues.done(context, orderNo, queueId);
    return ok({ holder });
  }
}

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    CommandBus,
    People,
    AccountStore,
    Seating,
    UserSkills,
    HubSettings,
    NoticeStore,
    NoticeLedger,
    NoticesAtStart,
    {
      provide: CalendarBook,
      inject: [NoticeStore, NoticesAtStart, ReadModel, Tail],
      useFactory: CalendarBook.open,
    },
  ],
  exports: [CommandBus, People, Seating, UserSkills, HubSettings, CalendarBook],
})
class Foundations {}

export interface QueueBench {
  clock: FakeClock;
  folder: string;
  bus: CommandBus;
  sockets: SeatSockets;
  /** Every event placed since the bench began. */
  events: LoggedEvent[];
  latest(room: string): Latest[];
  /** A user with a seat; a second time: the same user with other roles. */
  seat(n: number, roles?: Role[]): Promise<Actor>;
  command(actor: Actor, name: string, payload: object, commandId?: string): Promise<Answer>;
  enqueue(orderNo: string, more?: Partial<EnqueuePayload>, actor?: Actor): Promise<void>;
  done(orderNo: string, queueId?: QueueId): Promise<{ holder: string | null }>;
  presence(actor: Actor, presence: Presence): Promise<Answer>;
  claim(actor: Actor, orderNo: string): Promise<Answer>;
  giveBack(actor: Actor, orderNo: string): Promise<Answer>;
  item(orderNo: string): Promise<StoredItem>;
  items(): Promise<StoredItem[]>;
  seats(): Promise<StoredSeat[]>;
  /** Moves the time by a second at most, and lets what rings ring. */
  advance(ms: number): void;
  /** Moves the time, lets what rings ring, and waits until nothing more follows from it. */
  pass(ms: number): Promise<void>;
  /** Waits until alarms, offers and sockets have nothing more to do. */
  settled(): Promise<void>;
  readModel: ReadModel;
  unitOfWork: UnitOfWork;
  get<T>(type: abstract new (...args: never[]) => T): T;
  stop(): Promise<void>;
  /** Stops and takes the data away. */
  end(): Promise<void>;
}

export interface QueueBenchOptions {
  folder?: string;
  clock?: FakeClock;
  policy?: Partial<Record<PolicyKey, PolicyValue>>;
  providers?: Provider[];
  /** What a database that is too busy did not answer is asked again with the same id, as consoles do. */
  untilAnswered?: boolean;
  /** It is one of several nodes, and not alone with its database. */
  oneOfSeveral?: boolean;
}

const originOf = (recordedAt: number) => ({
  actorId: SYSTEM.userId,
  commandId: randomUUID(),
  causationId: null,
  recordedAt,
});

/** Queues and deadlines as the hub wires them, on a real database, without HTTP and sockets; the time is the test's. */
export async function openQueueBench(options: QueueBenchOptions = {}): Promise<QueueBench> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'hub-queues-')));
  const clock = options.clock ?? new FakeClock();
  const timer = new FakeTimer(clock);
  const own = readSettings({ HUB_DATA_DIR: folder, ...(await environmentOf(folder)) });
  // On whatever database: whether it is alone with it is the test's to say.
  const settings: Settings = { ...own, profile: options.oneOfSeveral ? 'cluster' : 'embedded' };
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.with(settings, readPolicy(settings.configDir, options.policy), clock),
      await storageOf(own),
      EventLogModule,
      Foundations,
      DeadlinesModule.withAlarms(InProcessAlarms),
      QueuesModule,
    ],
    providers: [TestEnqueue, TestDone, ...(options.providers ?? [])],
  })
    .overrideProvider(Timer)
    .useValue(timer)
    .overrideProvider(SharedTime)
    .useValue(new OwnTime(clock))
    .compile();
  module.useLogger(false); // outages are part of the tests
  const get = <T>(type: abstract new (...args: never[]) => T): T => module.get(type, { strict: false });
  const tail = get(Tail);
  const events: LoggedEvent[] = [];
  tail.onPlaced((placed) => events.push(...placed));
  await tail.start();
  await module.init();

  const bus = get(CommandBus);
  const readModel = get(ReadModel);
  const unitOfWork = get(UnitOfWork);
  const itemStore = get(ItemStore);
  /** Of what has been committed up to now. */
  const lastSeq = async (): Promise<number> => {
    await get(Placing).settled();
    return (await get(LogReader).head()).seq;
  };
  const seatStore = get(SeatStore);
  const accounts = get(AccountStore);

  const bench: QueueBench = {
    clock,
    folder,
    bus,
    sockets: get(SeatSockets),
    events,
    readModel,
    unitOfWork,
    get,
    latest: (room) => get(LatestValues).of(room),
    seat: async (n, roles = ['agent', 'dispatcher', 'arbiter']) => {
      const name = String(n).padStart(3, '0');
      const actor: Actor = { userId: `user${name}`, name: `坐席${name}`, roles, unitId: null, seatId: `S${name}` };
      const rights = { roles, unitId: null, seatId: actor.seatId!, active: true };
      await unitOfWork.run(async (tx) => {
        const account = await accounts.find(tx, actor.userId);
        if (account) return accounts.changeRights(tx, originOf(clock.now()), account, rights);
        await accounts.add(tx, { ...rights, userId: actor.userId, name: actor.name, demo: false }, '');
      });
      return actor;
    },
    command: async (actor, name, payload, commandId = randomUUID()) => {
      for (;;) {
        const answer = await bus.execute(actor, { name, commandId, payload });
        if (!options.untilAnswered || codeOf(answer) !== 'unavailable') return answer;
      }
    },
    enqueue: async (orderNo, more = {}, actor = SYSTEM) => {
      const answer = await bench.command(actor, 'testEnqueue', { queueId: 'dispatch', orderNo, ...more });
      if (!answer.ok) throw new Error(answer.error.code);
    },
    done: async (orderNo, queueId = 'dispatch') => {
      const answer = await bench.command(SYSTEM, 'testDone', { queueId, orderNo });
      if (!answer.ok) throw new Error(answer.error.code);
      return answer.result as { holder: string | null };
    },
    presence: (actor, presence) => bench.command(actor, 'setPresence', { presence }),
    claim: async (actor, orderNo) => bench.command(actor, 'claimItem', { itemId: (await bench.item(orderNo)).itemId }),
    giveBack: async (actor, orderNo) =>
      bench.command(actor, 'returnItem', { itemId: (await bench.item(orderNo)).itemId }),
    item: async (orderNo) => {
      const row = await readModel.run((tx) =>
        tx.one<{ item_id: string }>(
          'SELECT item_id FROM queue_item WHERE order_no = ? ORDER BY queued_at DESC, open_key DESC LIMIT 1',
          [orderNo],
        ),
      );
      return (await readModel.run((tx) => itemStore.get(tx, row!.item_id)))!;
    },
    items: () =>
      readModel.run(async (tx) => {
        const rows = await tx.all<{ item_id: string }>('SELECT item_id FROM queue_item');
        return Promise.all(rows.map(async ({ item_id }) => (await itemStore.get(tx, item_id))!));
      }),
    seats: () =>
      readModel.run(async (tx) => {
        const rows = await tx.all<{ seat_id: string }>('SELECT seat_id FROM seat ORDER BY seat_id');
        return Promise.all(rows.map(async ({ seat_id }) => (await seatStore.get(tx, seat_id))!));
      }),
    advance: (ms) => timer.advance(ms),
    pass: async (ms) => {
      // From beat to beat, or what works at one would be found still at work by the next.
      for (let left = ms; left > 0; left -= 1_000) {
        bench.advance(Math.min(left, 1_000));
        await bench.settled();
      }
    },
    settled: async () => {
      for (let seq = await lastSeq(), before = -1; before !== seq; seq = await lastSeq()) {
        before = seq;
        await tail.reached(seq);
        await get(Beat).idle();
        await get(RingClock).idle();
        await bench.sockets.idle();
        await get(Matcher).wake();
      }
    },
    stop: () => module.close(),
    end: async () => {
      await module.close();
      giveBackDatabaseOf(folder);
      await rm(folder, { recursive: true });
    },
  };
  await bench.settled();
  return bench;
}

/** The answer's result, or a failure that names the refusal. */
export function done<T = unknown>(answer: Answer): T {
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.result as T;
}

export const codeOf = (answer: Answer): string => (answer.ok ? 'ok' : answer.error.code);

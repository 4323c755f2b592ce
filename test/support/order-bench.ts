import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import type {
  CommandName,
  CommandPayload,
  CommandResult,
  OrderDetail,
  TrailEntry,
} from '@minqing-hub/client-sdk/protocol';
import { AppModule } from '../../src/app.module.js';
import { type Answer, CommandBus } from '../../src/commands/command-bus.js';
import type { PolicyKey } from '../../src/config/policy-keys.js';
import { type PolicyValue, readPolicy } from '../../src/config/policy.js';
import { readSettings } from '../../src/config/settings.js';
import { Beat } from '../../src/deadlines/beat.js';
import { RingClock } from '../../src/deadlines/ring-clock.js';
import { Timer } from '../../src/deadlines/timer.js';
import { LogReader } from '../../src/event-log/log-reader.js';
import { Placing } from '../../src/event-log/placing.js';
import { Reactions } from '../../src/event-log/reactions.js';
import { Tail } from '../../src/event-log/tail.js';
import { type Actor, SYSTEM } from '../../src/identity/actor.js';
import { People } from '../../src/identity/people.js';
import { OrderReading } from '../../src/orders/queries/order-reading.js';
import { Matcher } from '../../src/queues/matcher.js';
import { ReadModel, UnitOfWork } from '../../src/storage/unit-of-work.js';
import { FakeClock } from './fake-clock.js';
import { FakeTimer } from './fake-timer.js';
import { copyDatabaseOf, environmentOf, giveBackDatabaseOf, type Profile } from './profile.js';

/** The whole hub of the demo city without HTTP; the time is the test's. */
export interface OrderBench {
  clock: FakeClock;
  folder: string;
  readModel: ReadModel;
  unitOfWork: UnitOfWork;
  /** Issues a command as a demo account, or as the hub itself (`system`). */
  ask(username: string, name: string, payload: object): Promise<Answer>;
  /** The same; a refusal fails the test. */
  act<N extends CommandName>(username: string, name: N, payload: CommandPayload<N>): Promise<CommandResult<N>>;
  /** So much time is gone, with nothing done in between: what waits, waits by the machine and comes no nearer. */
  leap(ms: number): void;
  /** Time goes by, from beat to beat. */
  pass(ms: number): Promise<void>;
  /** Waits until nothing more follows from what has happened. */
  settled(): Promise<void>;
  trail(orderNo: string): Promise<TrailEntry[]>;
  /** As a supervisor reads it. */
  order(orderNo: string): Promise<OrderDetail>;
  get<T>(type: abstract new (...args: never[]) => T): T;
  stop(): Promise<void>;
}

export interface OrderBenchOptions {
  folder: string;
  clock: FakeClock;
  policy?: Partial<Record<PolicyKey, PolicyValue>>;
  /** The one that is tested, unless it is said. */
  profile?: Profile;
}

/** A data folder with the demo city in it, to be copied: filling one takes seconds. */
export async function demoFolder(at: number, profile?: Profile): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-demo-'));
  const bench = await openOrderBench({ folder, clock: new FakeClock(at), ...(profile && { profile }) });
  await bench.stop();
  return folder;
}

export async function copyOf(folder: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'hub-orders-'));
  await cp(folder, copy, { recursive: true });
  await copyDatabaseOf(folder, copy);
  return copy;
}

export async function removed(folder: string): Promise<void> {
  giveBackDatabaseOf(folder);
  await rm(folder, { recursive: true, force: true });
}

/** Each test of the `describe` that calls this has a bench of its own, on a copy of one demo that begins at `at`, ms UTC. */
export function benchForEachTest(at: number, use: (bench: OrderBench) => void): void {
  let demo: string;
  let bench: OrderBench;
  beforeAll(async () => {
    demo = await demoFolder(at);
  });
  afterAll(() => removed(demo));
  beforeEach(async () => {
    bench = await openOrderBench({ folder: await copyOf(demo), clock: new FakeClock(at) });
    use(bench);
  });
  afterEach(async () => {
    await bench.stop();
    await removed(bench.folder);
  });
}

export async function openOrderBench({ folder, clock, policy, profile }: OrderBenchOptions): Promise<OrderBench> {
  const timer = new FakeTimer(clock);
  const settings = readSettings({
    HUB_DATA_DIR: folder,
    HUB_DEMO: '1',
    HUB_PASSWORD_COST: '14',
    ...(await environmentOf(folder, profile)),
  });
  const module = await Test.createTestingModule({
    imports: [await AppModule.with(settings, readPolicy(settings.configDir, policy), clock)],
  })
    .overrideProvider(Timer)
    .useValue(timer)
    .compile();
  module.useLogger(false);
  const app = module.createNestApplication();
  await app.init();
  const get = <T>(type: abstract new (...args: never[]) => T): T => module.get(type, { strict: false });
  const readModel = get(ReadModel);
  const tail = get(Tail);

  const actorOf = async (username: string): Promise<Actor> => {
    if (username === SYSTEM.userId) return SYSTEM;
    const actor = await readModel.run((tx) => get(People).actor(tx, username));
    if (!actor) throw new Error(`there is no ${username}`);
    return actor;
  };
  const supervisor = await actorOf('supervisor01');
  /** Of what has been committed up to now. */
  const seq = async (): Promise<number> => {
    await get(Placing).settled();
    return (await get(LogReader).head()).seq;
  };

  const bench: OrderBench = {
    clock,
    folder,
    readModel,
    unitOfWork: get(UnitOfWork),
    get,
    ask: async (username, name, payload) =>
      get(CommandBus).execute(await actorOf(username), { name, commandId: randomUUID(), payload }),
    act: async (username, name, payload) => {
      const answer = await bench.ask(username, name, payload);
      if (!answer.ok) throw new Error(`${name} was refused: ${JSON.stringify(answer.error)}`);
      return answer.result as never;
    },
    leap: (ms) => clock.jump(ms),
    pass: async (ms) => {
      for (let left = ms; left > 0; left -= 1_000) {
        timer.advance(Math.min(left, 1_000));
        await bench.settled();
      }
    },
    settled: async () => {
      for (let before = -1; before !== (await seq());) {
        before = await seq();
        await tail.reached(before);
        await get(Reactions).idle();
        await get(Beat).idle();
        await get(RingClock).idle();
        await get(Matcher).wake();
      }
    },
    trail: async (orderNo) => (await get(OrderReading).trail(supervisor, orderNo))!,
    order: async (orderNo) => (await get(OrderReading).detail(supervisor, orderNo))!,
    stop: () => app.close(),
  };
  await bench.settled();
  return bench;
}

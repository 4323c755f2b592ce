import { Logger } from '@nestjs/common';
import { type DiscoveryService, Reflector } from '@nestjs/core';
import type { EventType, Role } from '@minqing-hub/client-sdk/protocol';
import { IsInt } from 'class-validator';
import { FakeClock } from '../../test/support/fake-clock.js';
import { behindItsBack } from '../../test/support/behind-its-back.js';
import { PROFILE } from '../../test/support/profile.js';
import { allPlaced, openTestStore, type TestStore } from '../../test/support/store.js';
import { until } from '../../test/support/until.js';
import { CommandBus } from '../commands/command-bus.js';
import { type CommandContext, CommandHandler } from '../commands/command-handler.js';
import { Handles } from '../commands/handles.js';
import { readSettings, type Settings } from '../config/settings.js';
import { ok } from '../domain/result.js';
import { People } from '../identity/people.js';
import { OwnTime } from '../storage/shared-time.js';
import { StorageUnavailable } from '../storage/unit-of-work.js';
import type { LoggedEvent } from './logged-event.js';
import { Duty } from './duty.js';
import { LogReader, ofTypesAfter } from './log-reader.js';
import { Reacts, Reaction } from './reaction.js';
import { Reactions } from './reactions.js';
import { SetAside } from './set-aside.js';
import { Tail } from './tail.js';

class CountPayload {
  @IsInt() n!: number;
}

/** Counts what it is told; breaks at one number, as often as it is told to. */
@Handles('count')
class Count extends CommandHandler<CountPayload> {
  readonly payload = CountPayload;
  readonly who: readonly Role[] = ['system'];
  broken = { n: 0, times: 0 };
  away = { n: 0, times: 0 };

  async handle({ n }: CountPayload, { tx }: CommandContext) {
    if (n === this.broken.n && this.broken.times-- > 0) throw new Error('broken');
    if (n === this.away.n && this.away.times-- > 0) throw new StorageUnavailable('it is away');
    const room = `n${n}`;
    const head = ((await tx.one<{ head: number }>('SELECT head FROM room_head WHERE room = ?', [room]))?.head ?? 0) + 1;
    await tx.upsert('room_head', { room, head }, ['room']);
    return ok({});
  }
}

@Reacts('count-when-presence-changes')
class CountWhenPresenceChanges extends Reaction {
  readonly on: readonly EventType[] = ['seat.presence_changed'];

  async commandsFor({ data }: LoggedEvent) {
    return [{ name: 'count', payload: { n: data.n } }];
  }

  override commandsInstead({ data }: LoggedEvent) {
    return [{ name: 'count', payload: { n: (data.n as number) + 100 } }];
  }
}

/** Finds others each time that it looks. */
@Reacts('count-who-is-there')
class CountWhoIsThere extends Reaction {
  readonly on: readonly EventType[] = ['roster.imported'];
  finds: number[][] = [];
  outages = 0;

  async commandsFor() {
    if (this.outages-- > 0) throw new StorageUnavailable('it is away');
    const found = this.finds.length > 1 ? this.finds.shift()! : this.finds[0]!;
    return found.map((n) => ({ name: 'count', payload: { n }, key: String(n) }));
  }
}

/** Makes nothing of what was there before it. */
@Reacts('count-the-new')
class CountTheNew extends Reaction {
  readonly on: readonly EventType[] = ['roster.imported'];
  override readonly from = 'head';

  async commandsFor({ data }: LoggedEvent) {
    return [{ name: 'count', payload: { n: (data.n as number) + 1_000 } }];
  }
}

class CountingReader extends LogReader {
  reads = 0;
  override searched = 5_000;

  override ofTypesAfter(...about: Parameters<LogReader['ofTypesAfter']>) {
    this.reads += 1;
    return super.ofTypesAfter(...about);
  }
}

describe('reactions', () => {
  // The faults are wanted here; their incidents would only frighten.
  beforeAll(() => Logger.overrideLogger(false));
  let store: TestStore;
  const count = new Count();
  const whoIsThere = new CountWhoIsThere();
  const clock = new FakeClock();
  const running: { tail: Tail; reactions: Reactions }[] = [];

  beforeEach(async () => {
    store = await openTestStore();
    count.broken = { n: 0, times: 0 };
  });
  afterEach(async () => {
    for (const { tail, reactions } of running.splice(0)) {
      await reactions.onApplicationShutdown();
      await tail.onApplicationShutdown();
    }
    await store.close();
  });

  /** A node's reactions, as after a start. */
  async function start(profile: Settings['profile'] = 'embedded'): Promise<{ issued: number }> {
    const instances = [count, new CountWhenPresenceChanges(), whoIsThere, new CountTheNew()];
    const discovery = {
      getProviders: () => instances.map((instance) => ({ instance })),
    } as unknown as DiscoveryService;
    const settings = readSettings({ HUB_DATA_DIR: store.folder });
    const bus = new CommandBus(discovery, new Reflector(), store.unitOfWork, clock, new People(), settings);
    bus.onModuleInit();
    const node = { issued: 0 };
    bus.onAnswered(() => (node.issued += 1));
    const tail = new Tail(store.reader, clock, store.placing);
    const { reader, readModel, unitOfWork } = store;
    const duty = new Duty(unitOfWork, new OwnTime(clock), { ...settings, profile });
    const aside = new SetAside(readModel, unitOfWork, clock);
    const reactions = new Reactions(discovery, new Reflector(), tail, reader, readModel, unitOfWork, bus, duty, aside);
    await reactions.onApplicationBootstrap();
    await tail.start();
    running.push({ tail, reactions });
    return node;
  }

  const happen = (...numbers: number[]) => append('seat.presence_changed', numbers);
  const append = (type: EventType, numbers: number[]) =>
    store.unitOfWork.run((tx) =>
      store.eventLog.append(
        tx,
        { actorId: 'a', commandId: 'c', causationId: null, recordedAt: clock.now() },
        numbers.map((n) => ({
          subject: 'seat:A1' as const,
          type,
          at: clock.now(),
          version: null,
          data: { n },
          card: null,
          rooms: {},
        })),
      ),
    );
  const counted = () =>
    store.readModel.run(async (tx) =>
      Object.fromEntries(
        (await tx.all<{ room: string; head: number }>("SELECT room, head FROM room_head WHERE room LIKE 'n%'")).map(
          ({ room, head }) => [room, head],
        ),
      ),
    );

  it('[I7] follow each event up once, over restarts and with several nodes', async () => {
    await happen(1, 2, 3);
    await start();
    await start();
    await until('three to be counted', async () => Object.keys(await counted()).length === 3);
    await happen(4);
    await until('the fourth', async () => 'n4' in (await counted()));
    await store.unitOfWork.run((tx) => tx.run('DELETE FROM consumer')); // as if the position had not been kept
    await start();
    await happen(5);
    await until('the fifth', async () => 'n5' in (await counted()));
    expect(await counted()).toEqual({ n1: 1, n2: 1, n3: 1, n4: 1, n5: 1 });
  });

  it('are one node’s at a time, and go on at the next where that one left them', async () => {
    const first = await start('cluster');
    const second = await start('cluster');
    await happen(1, 2);
    await until('both to be counted', async () => Object.keys(await counted()).length === 2);
    expect([first.issued, second.issued]).toEqual([2, 0]);
    const [{ tail, reactions }] = running.splice(0, 1) as [(typeof running)[number]];
    await reactions.onApplicationShutdown();
    await tail.onApplicationShutdown();
    await happen(3);
    await until('the third', async () => 'n3' in (await counted()));
    expect([first.issued, second.issued]).toEqual([2, 1]);
  });

  it('[I3] go on in a log that a power cut took back, where it takes their place back with it', async () => {
    await start();
    await happen(1, 2, 3);
    await until('the third', async () => 'n3' in (await counted()));
    const place = () =>
      store.readModel.run((tx) =>
        tx.one<{ seq: number }>("SELECT seq FROM consumer WHERE name = 'count-when-presence-changes'"),
      );
    await until('its place to be kept', async () => (await place())?.seq === 3);
    await behindItsBack(
      store.place,
      `BEGIN; DELETE FROM event WHERE id = 3; DELETE FROM event_place WHERE seq = 3;
      UPDATE log_head SET seq = 2, last_row = 2, hash = (SELECT hash FROM event_place WHERE seq = 2);
      UPDATE consumer SET seq = 2; COMMIT`,
    );
    await happen(4);
    await until('what has the same place now', async () => 'n4' in (await counted()));
  });

  it('[I7] do for each what they have not done for it before, when a second run finds others', async () => {
    whoIsThere.finds = [
      [1, 2],
      [2, 3, 1],
    ];
    count.broken = { n: 2, times: 1 };
    await append('roster.imported', [0]);
    await start();
    await until('the last to be counted', async () => 'n3' in (await counted()));
    await until('the others', async () => Object.keys(await counted()).length === 3);
    expect(await counted()).toEqual({ n1: 1, n2: 1, n3: 1 });
  });

  it('[NT3] begin with what comes, where they ask for that, and miss nothing of it over a restart', async () => {
    whoIsThere.finds = [[]];
    await append('roster.imported', [1, 2]);
    const first = new Tail(store.reader, clock, store.placing);
    await first.start();
    await until('both to have their place', async () => (await store.reader.head()).seq === 2);
    await first.onApplicationShutdown();
    await start();
    for (const { tail, reactions } of running.splice(0)) {
      await reactions.onApplicationShutdown();
      await tail.onApplicationShutdown();
    }
    // While no node was there.
    await append('roster.imported', [3]);
    await start();
    await append('roster.imported', [4]);
    await until('the last', async () => 'n1004' in (await counted()));
    expect(await counted()).toEqual({ n1003: 1, n1004: 1 });
  });

  it('set aside an event that fails again and again, for a person to see, go on, and try it again at a start', async () => {
    count.broken = { n: 2, times: 1_000 };
    await happen(1, 2, 3);
    await start();
    await happen(4);
    const aside = () => store.readModel.run((tx) => tx.all('SELECT consumer, seq, reason FROM set_aside'));
    await until('the broken one to be set aside', async () => (await aside()).length > 0);
    await happen(5);
    await until('what comes after it', async () => 'n5' in (await counted()));
    // Of the broken one only what must come about at least.
    expect(await counted()).toEqual({ n1: 1, n102: 1, n3: 1, n4: 1, n5: 1 });
    expect(await aside()).toMatchObject([
      { consumer: 'count-when-presence-changes', seq: 2, reason: expect.stringMatching('internal') as string },
    ]);

    await start();
    await happen(6);
    await until('what comes after the start', async () => 'n6' in (await counted()));
    expect(await aside()).toHaveLength(1);
    count.broken.times = 0;
    await start();
    await until('nothing to be set aside any more', async () => (await aside()).length === 0);
    expect(await counted()).toEqual({ n1: 1, n2: 1, n102: 1, n3: 1, n4: 1, n5: 1, n6: 1 });
  });

  it('read what the tail does not hand them, and that by place, not by the whole history of a type', async () => {
    const reader = new CountingReader(store.readModel, store.placing);
    store = { ...store, reader };
    await happen(1);
    await start();
    await until('what was there before', async () => 'n1' in (await counted()));
    await happen(2);
    await until('what came then', async () => 'n2' in (await counted()));
    const before = reader.reads;
    expect(before).toBeGreaterThan(0);
    await happen(3, 4);
    await until('what came since', async () => 'n4' in (await counted()));
    expect(reader.reads).toBe(before);
    const explain = PROFILE === 'embedded' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
    const plan = await store.readModel.run((tx) =>
      tx.all<Record<string, unknown>>(`${explain} ${ofTypesAfter(2)}`, [1, 9, 'order.accepted', 'order.urged', 100]),
    );
    expect(plan.map(({ detail, table, key }) => detail ?? `${String(table)} by ${String(key)}`)).toEqual(
      PROFILE === 'embedded'
        ? [
            'SEARCH p USING INDEX sqlite_autoindex_event_place_1 (seq>? AND seq<?)',
            'SEARCH e USING INTEGER PRIMARY KEY (rowid=?)',
          ]
        : ['p by PRIMARY', 'e by PRIMARY'],
    );
  });

  it('[I1] wait an outage of the database out, however often they fail in it, and set nothing aside', async () => {
    whoIsThere.finds = [[2]];
    await start();
    // One is told so by its own read, one by the answer to its command, and of one nothing is known but that it failed.
    whoIsThere.outages = 5;
    count.away = { n: 1_000, times: 5 };
    count.broken = { n: 1, times: 5 };
    const change = (sql: string) => store.unitOfWork.run((tx) => tx.run(sql));
    // For that one nothing can be written either.
    const those = `NEW.consumer = 'count-when-presence-changes'`;
    await change(
      `CREATE TRIGGER no_room BEFORE INSERT ON set_aside FOR EACH ROW ${
        PROFILE === 'embedded'
          ? `WHEN ${those} BEGIN SELECT RAISE(ABORT, 'no room'); END`
          : `BEGIN IF ${those} THEN SIGNAL SQLSTATE '45000'; END IF; END`
      }`,
    );
    await append('roster.imported', [0]);
    await happen(1);
    const held = () => running[0]!.reactions.following.filter(({ heldUpMs }) => heldUpMs > 0).map(({ name }) => name);
    await until('all to be held up', () => held().length === 3);
    await until('all three to be counted', async () => Object.keys(await counted()).length >= 3);
    await until('none to be held up any more', () => held().length === 0);
    await change('DROP TRIGGER no_room');
    expect(await counted()).toEqual({ n1: 1, n2: 1, n1000: 1 });
    expect(await store.readModel.run((tx) => tx.all('SELECT * FROM set_aside'))).toEqual([]);
  });

  it('get on in a long log that holds nothing for them, step by step, and keep how far they have come', async () => {
    const reader = new CountingReader(store.readModel, store.placing);
    reader.searched = 100;
    // MariaDB takes seconds for a log that is long enough to be kept a place in.
    const length = PROFILE === 'embedded' ? 2_150 : 250;
    store = { ...store, reader };
    await append('order.urged', Array(length).fill(0) as number[]);
    await happen(1);
    await allPlaced(store);
    expect(await reader.ofTypesAfter(100, ['seat.presence_changed'], 10)).toEqual({
      events: [],
      scannedTo: 200,
      more: true,
    });
    await start();
    await until('what comes after it all', async () => 'n1' in (await counted()));
    if (PROFILE !== 'embedded') return;
    const places = () => store.readModel.run((tx) => tx.all('SELECT name, seq FROM consumer ORDER BY name'));
    await until('the places to be kept', async () =>
      (await places()).some(({ name, seq }) => name === 'count-who-is-there' && (seq as number) > 2_000),
    );
  });

  it('follow an event up when what broke it is mended in time', async () => {
    count.broken = { n: 1, times: 2 };
    await happen(1);
    await start();
    await until('it to be counted', async () => 'n1' in (await counted()));
    expect(await store.readModel.run((tx) => tx.all('SELECT * FROM set_aside'))).toEqual([]);
  });
});

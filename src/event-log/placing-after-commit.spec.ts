import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MariadbProcess } from '../../test/support/mariadb-process.js';
import { seededRandom } from '../../test/support/seeded-random.js';
import { AUDIT_KEY, type MariadbStore, openMariadbStore } from '../../test/support/store.js';
import { until } from '../../test/support/until.js';
import { writeNext } from '../../test/support/written-orders.js';
import { MariadbLine } from '../storage/mariadb-line.js';
import { MariadbServers } from '../storage/mariadb-servers.js';
import { SystemClock } from '../config/clock.js';
import { loggedEvent } from './logged-event.js';
import { PlacesAfterCommit } from './places-after-commit.js';
import { Overtaken, type PlacingLine, type Statement } from './placing-line.js';
import { Tail } from './tail.js';
import { verifyLog } from './verify-log.js';
import { InProcessWakeUp, type Word } from './wake-up.js';

const ROOMS = ['floor', 'queue:register', 'unit:a', 'unit:b'];

let server: MariadbProcess;
let url: string;
let nodes: MariadbStore[];

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await MariadbProcess.started();
  url = await server.database();
});
afterAll(() => server.remove());
beforeEach(async () => {
  nodes = [];
  await openNode();
  const head = await rows('SELECT * FROM log_head');
  await nodes[0]!.close();
  await server.empty(url, { log_head: head.map((row) => ({ ...row, seq: 0, last_row: 0, hash: '' })) });
  nodes = [];
});
afterEach(async () => {
  for (const node of nodes) await node.close();
});

async function openNode(wakeUp = new InProcessWakeUp()): Promise<MariadbStore> {
  const node = await openMariadbStore(url, wakeUp);
  nodes.push(node);
  return node;
}

async function openNodes(): Promise<void> {
  const wakeUp = new InProcessWakeUp();
  for (let n = 0; n < 3; n++) await openNode(wakeUp);
}

const rows = (sql: string) => nodes[0]!.readModel.run((tx) => tx.all(sql));
const write = (node: MariadbStore, order: string, rooms = ['floor']) =>
  node.unitOfWork.run((tx) => writeNext(tx, node.eventLog, order, rooms));
const untilPlaced = (within?: number) =>
  until(
    'every event to have its place',
    async () => (await rows('SELECT id FROM event WHERE placed = 0')).length === 0,
    within,
  );

/** All that the log must be once nothing waits any more. */
async function expectWhole(events: number): Promise<void> {
  await untilPlaced();
  expect(await verifyLog(nodes[0]!.readModel, AUDIT_KEY)).toMatchObject({ events, findings: 0, first: [] });
}

/** Many commands at many nodes, some of them of several orders and some rolled back. Answers how many events were kept. */
async function writeAtRandom(seed: number, turns: number): Promise<number> {
  const random = seededRandom(seed);
  let kept = 0;
  const writer = async (node: MariadbStore): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) {
      const orders = new Set(
        Array.from({ length: 1 + Math.floor(random() * 3) }, () => `o${Math.floor(random() * 6)}`),
      );
      const rooms = ROOMS.filter(() => random() < 0.5);
      const fails = random() < 0.15;
      const work = node.unitOfWork.run(async (tx) => {
        for (const order of [...orders].sort()) await writeNext(tx, node.eventLog, order, rooms);
        if (fails) throw new Error('rolled back');
      });
      await work.then(
        () => (kept += orders.size),
        // Where the machine is slow, work that met others again and again gives up: nothing of it is kept, either.
        (error: Error) => expect(error.message).toMatch(/^rolled back$|Deadlock found/),
      );
    }
  };
  await Promise.all(nodes.flatMap((node) => [writer(node), writer(node), writer(node)]));
  return kept;
}

/** What a node is to the others that stands still between what it has read and what it is about to write. */
class HeldLine implements PlacingLine {
  readonly held: Promise<void>;
  private tellHeld!: () => void;
  release!: () => void;
  private readonly released: Promise<void>;

  constructor(private readonly line: PlacingLine) {
    this.held = new Promise((resolve) => (this.tellHeld = resolve));
    this.released = new Promise((resolve) => (this.release = resolve));
  }

  send(statements: readonly Statement[]) {
    return this.line.send(statements);
  }

  async commit(statements: readonly Statement[]) {
    this.tellHeld();
    await this.released;
    return this.line.commit(statements);
  }

  close(): void {
    this.line.close();
  }
}

describe('places after the commit', () => {
  it('[I2] are gapless and in the order of versions, however many nodes write and place', async () => {
    await openNodes();
    await expectWhole(await writeAtRandom(7, 20));
  });

  it('[I2] are so, too, where no node hears of another one', async () => {
    for (let n = 0; n < 3; n++) await openNode();
    await expectWhole(await writeAtRandom(8, 20));
  });

  it('[I2] go to whoever is first; who stood still meanwhile has held up nobody, writes nothing and looks again', async () => {
    const line = () => new MariadbLine(MariadbServers.of(url));
    const held = new HeldLine(line());
    const [late, other] = [
      new PlacesAfterCommit(held, line(), AUDIT_KEY),
      new PlacesAfterCommit(line(), line(), AUDIT_KEY),
    ];
    const node = await openNode();
    await node.placing.close();
    await write(node, 'o1');
    const batch = late.placeBatch();
    await held.held;
    await write(node, 'o1');
    expect(await other.placeBatch()).toEqual({ placed: 2, more: false });
    held.release();
    await expect(batch).rejects.toThrow(Overtaken);
    await write(node, 'o2');
    expect(await late.placeBatch()).toEqual({ placed: 1, more: false });
    await expectWhole(3);
    for (const places of [late, other]) places.close();
  });

  it('[I2] come also to an event whose transaction took so long that its row lies far behind, before the next of its subject', async () => {
    await openNodes();
    const [first, second] = nodes as [MariadbStore, MariadbStore];
    await write(first, 'slow');
    let commit!: () => void;
    let inserted!: () => void;
    const isInserted = new Promise<void>((resolve) => (inserted = resolve));
    const slow = first.unitOfWork.run(async (tx) => {
      await writeNext(tx, first.eventLog, 'slow', ['floor']);
      inserted();
      await new Promise<void>((resolve) => (commit = resolve));
    });
    await isInserted;
    await second.unitOfWork.run((tx) =>
      tx.run(
        `INSERT INTO event (event_id, subject, type, at, recorded_at, actor_id, command_id, data, audience)
         SELECT UUID(), CONCAT('user:', seq), 'user.changed', 1, 1, 'a', 'c', '{}', '{"rooms":{}}' FROM seq_1_to_2600`,
      ),
    );
    await until(
      'the others to be placed',
      async () => (await rows('SELECT id FROM event WHERE placed = 1')).length === 2601,
    );
    const next = write(second, 'slow');
    commit();
    await Promise.all([slow, next]);
    await untilPlaced(4_000);
    const versions = await rows(
      "SELECT e.version FROM event_place p JOIN event e ON e.id = p.event_row WHERE e.subject = 'order:slow' ORDER BY p.seq",
    );
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3]);
    await expectWhole(2603);
  });

  it('[I6] are found by another node within a second, though no word of them is carried', async () => {
    const [here, there] = [await openNode(), await openNode()];
    const tail = new Tail(there.reader, new SystemClock(), there.placing);
    let seen = 0;
    tail.onPlaced((events) => (seen += events.length));
    await tail.start();
    const tookMs: number[] = [];
    for (let n = 1; n <= 3; n++) {
      // Just after a look, so that it waits for the whole of the next one.
      const begun = performance.now();
      await write(here, 'o1');
      await until('the other node to have it', () => seen === n);
      tookMs.push(performance.now() - begun);
    }
    await tail.onApplicationShutdown();
    // Where the machine is slow, not each of them tells how often is looked.
    expect(Math.min(...tookMs)).toBeLessThan(800);
  });

  it('are given by one node for all, and soon by another one when that stands still', async () => {
    await openNodes();
    await write(nodes[0]!, 'o1');
    await untilPlaced();
    let events = 1;
    let leader: MariadbStore | undefined;
    // Where the machine is slow, a leader may be away for so long that another one steps in, and leads from then on.
    await until('one node to place for all', async () => {
      const before = nodes.map(({ placing }) => placing.done.placed);
      for (let n = 0; n < 30; n++) await write(nodes[n % 3]!, 'o2');
      await untilPlaced();
      events += 30;
      leader = nodes.find(({ placing }, at) => placing.done.placed === before[at]! + 30);
      return leader;
    });
    await leader!.placing.close();
    await write(
      nodes.find((node) => node !== leader)!,
      'o3',
    );
    await expectWhole(events + 1);
  });

  it('are waited for no longer than the next look takes, though commits are told without end', async () => {
    const wakeUp = new InProcessWakeUp();
    const node = await openNode(wakeUp);
    let goesOn = true;
    const tell = (): void => {
      wakeUp.call('committed', 'another node');
      if (goesOn) setImmediate(tell);
    };
    tell();
    await write(node, 'o1');
    await node.placing.settled();
    expect(await rows('SELECT id FROM event WHERE placed = 0')).toEqual([]);
    goesOn = false;
  });

  it('are looked for after commits that told something, and known to whoever gave them', async () => {
    const words: Word[] = [];
    const wakeUp = new InProcessWakeUp();
    wakeUp.onWord((word) => words.push(word));
    const [leader, other] = [await openNode(wakeUp), await openNode(wakeUp)];
    await write(leader, 'o1', ['unit:a', 'unit:b']);
    await untilPlaced();
    words.length = 0;
    await other.unitOfWork.run((tx) => tx.insert('consumer', { name: 'other work', seq: 0 }));
    expect(words).toEqual([]);
    await write(other, 'o2');
    expect(words).toContain('committed');
    const [row] = (await rows('SELECT seq, hash FROM event_place')) as { seq: number; hash: string }[];
    const known = leader.placing.lately(row!.seq, row!.hash)!;
    const [read] = await leader.reader.after(0, 1);
    expect({ ...loggedEvent(known), offsets: known.offsets }).toEqual(read);
    expect(other.placing.lately(row!.seq, row!.hash)).toBeUndefined();
  });

  it('[I3] a room’s snapshot shows what was placed, and not what is still to be told', async () => {
    const node = await openNode();
    const cards = async () => {
      const state = await node.reader.roomState('unit:a');
      return {
        offset: state.offset,
        cards: Object.entries(state.cards).map(([key, card]) => [key, (card as { version: number }).version]),
      };
    };
    await write(node, 'o1', ['unit:a']);
    await write(node, 'o2', ['unit:a', 'unit:b']);
    await node.placing.settled();
    await node.placing.close();
    const before = {
      offset: 2,
      cards: [
        ['order:o1', 1],
        ['order:o2', 1],
      ],
    };
    expect(await cards()).toEqual(before);
    await write(node, 'o1', ['unit:a']);
    await write(node, 'o1', ['unit:a']);
    await write(node, 'o2', ['unit:b']);
    await write(node, 'o3', ['unit:a']);
    const shown = await cards();
    expect({ ...shown, cards: shown.cards.sort() }).toEqual(before);
    expect(await verifyLog(node.readModel, AUDIT_KEY)).toMatchObject({ events: 2, waiting: 4, findings: 0, first: [] });
    const other = await openNode();
    await other.placing.settled();
    expect(await cards()).toEqual({
      offset: 6,
      cards: [
        ['order:o1', 3],
        ['order:o3', 1],
      ],
    });
  });

  it('go on after the database was killed', async () => {
    await openNodes();
    let events = await writeAtRandom(9, 4);
    await server.restart();
    events += await writeAtRandom(10, 4);
    await expectWhole(events);
  });
});

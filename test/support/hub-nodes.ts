import { CommandBus } from '../../src/commands/command-bus.js';
import { Clock } from '../../src/config/clock.js';
import { Settings } from '../../src/config/settings.js';
import { Beat } from '../../src/deadlines/beat.js';
import { Timer } from '../../src/deadlines/timer.js';
import { Placing } from '../../src/event-log/placing.js';
import { Tail } from '../../src/event-log/tail.js';
import { HubNode } from '../../src/queues/hub-node.js';
import { SeatPolicy } from '../../src/queues/seat-policy.js';
import { SeatSockets } from '../../src/queues/seat-sockets.js';
import { SeatStore } from '../../src/queues/seat-store.js';
import { ServingSince } from '../../src/queues/serving-since.js';
import { SocketStore } from '../../src/queues/socket-store.js';
import { SharedTime } from '../../src/storage/shared-time.js';
import { ReadModel, UnitOfWork } from '../../src/storage/unit-of-work.js';
import type { QueueBench } from './queue-bench.js';

/** Another node of the bench's hub: its own lease, its own sockets, its own beat, on the same database. */
export interface TestNode {
  id: string;
  sockets: SeatSockets;
  /** Ends without a word, as a power cut does it. */
  die(): void;
  /** Ends as an operator does it. */
  stop(): Promise<void>;
  settled(): Promise<void>;
}

export async function addNode(bench: QueueBench): Promise<TestNode> {
  const { get } = bench;
  const beat = new Beat(get(Timer));
  const servingSince = new ServingSince(get(Clock));
  const node = new HubNode(
    get(UnitOfWork),
    get(ReadModel),
    get(SocketStore),
    get(Clock),
    { ...get(Settings), profile: 'cluster' },
    get(SeatPolicy),
    servingSince,
    get(SharedTime),
  );
  const sockets = new SeatSockets(
    get(CommandBus),
    get(Tail),
    beat,
    get(ReadModel),
    get(SeatStore),
    get(SocketStore),
    node,
  );
  await node.onModuleInit();
  sockets.onModuleInit();
  servingSince.onApplicationBootstrap();
  beat.onApplicationBootstrap();
  await beat.idle();
  return {
    id: node.id,
    sockets,
    die: () => {
      void beat.beforeApplicationShutdown();
      sockets.stop();
    },
    stop: async () => {
      await beat.beforeApplicationShutdown();
      await node.beforeApplicationShutdown();
      sockets.stop();
    },
    settled: async () => {
      await beat.idle();
      await sockets.idle();
    },
  };
}

/** As `bench.pass`, with these nodes beside the bench's own. */
export async function passOn(bench: QueueBench, nodes: readonly TestNode[], ms: number): Promise<void> {
  await settledOn(bench, nodes);
  for (let left = ms; left > 0; left -= 1_000) {
    bench.advance(Math.min(left, 1_000));
    await settledOn(bench, nodes);
  }
}

/** What one node does may be for another one to follow: until all have looked once after the last change. */
export async function settledOn(bench: QueueBench, nodes: readonly TestNode[]): Promise<void> {
  const changes = async () => {
    await bench.get(Placing).settled();
    return bench.readModel.run(async (tx) =>
      JSON.stringify([
        await tx.all('SELECT seq FROM log_head'),
        await tx.all('SELECT user_id, node_id FROM seat_socket ORDER BY user_id, node_id'),
        await tx.all('SELECT seat_id, revision FROM seat ORDER BY seat_id'),
      ]),
    );
  };
  for (let now = await changes(), before = ''; before !== now; now = await changes()) {
    before = now;
    for (const node of nodes) await node.settled();
    await bench.settled();
  }
}

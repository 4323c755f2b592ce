import { isDeepStrictEqual } from 'node:util';
import type {
  FloorLatest,
  FloorMeasure,
  FloorItemPage,
  OrderPage,
  OrderStage,
  Presence,
  QueueFirst,
  QueueId,
  QueueItemCard,
  QueueStats,
  SeatCard,
} from '@minqing-hub/client-sdk/protocol';
import type { Console } from '../consoles.js';
import { untilAnswered } from '../until-answered.js';

export const QUEUES: readonly QueueId[] = ['register', 'dispatch', 'arbitration', 'callback'];

const PAGE = 200;
const EQUAL_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 100;

/** Where an order of this state waits, or is in somebody's hands. */
const QUEUE_OF: Partial<Record<OrderStage, QueueId>> = {
  registered: 'register',
  pending_dispatch: 'dispatch',
  under_arbitration: 'arbitration',
};

/** A number that the floor shows and that its items do not give. */
export interface CounterDifference {
  what: string;
  shown: unknown;
  recomputed: unknown;
}

/** Acknowledged orders that the hub does not know, or that wait for a seat in no queue. */
export async function lostOrders(
  leader: Console,
  acknowledged: ReadonlyMap<string, unknown>,
  random: () => number,
): Promise<string[]> {
  const missing = new Set(acknowledged.keys());
  const lost: string[] = [];
  const queued = new Set(
    QUEUES.flatMap((queueId) =>
      [...leader.rooms.get(`queue:${queueId}`)!.cards.values()].map(
        (card) => `${queueId} ${(card as QueueItemCard).orderNo}`,
      ),
    ),
  );
  let cursor: string | null = null;
  do {
    const query: Record<string, string | number | null> = { limit: PAGE, cursor };
    const page: OrderPage = await untilAnswered(
      () => leader.client.http.get<OrderPage>('/api/orders', { query }),
      random,
    );
    for (const { orderNo, state, awaits } of page.items) {
      if (!missing.delete(orderNo)) continue;
      const queueId = awaits === 'refusal' ? undefined : QUEUE_OF[state];
      if (queueId && !queued.has(`${queueId} ${orderNo}`)) lost.push(`${orderNo} is ${state} and in no queue`);
    }
    cursor = page.next;
  } while (missing.size > 0 && cursor !== null);
  return [...[...missing].map((orderNo) => `${orderNo} is not there`), ...lost];
}

/** Every number of the floor against the items and seats behind it; once the floor is still, they are equal. */
export async function differingCounters(leader: Console, random: () => number): Promise<CounterDifference[]> {
  const end = performance.now() + EQUAL_WITHIN_MS;
  for (;;) {
    const different = [...liveDifferences(leader), ...(await queriedDifferences(leader, random))];
    if (different.length === 0 || performance.now() > end) return different;
    await new Promise((again) => setTimeout(again, LOOK_EVERY_MS));
  }
}

function liveDifferences(leader: Console): CounterDifference[] {
  const different: CounterDifference[] = [];
  const compare = (what: string, shown: unknown, recomputed: unknown): void => {
    if (!isDeepStrictEqual(shown, recomputed)) different.push({ what, shown, recomputed });
  };
  for (const queueId of QUEUES) {
    const items = itemsOf(leader, queueId);
    const shown = leader.rooms.get(`head:${queueId}`)!.latest.get('queue.stats') as QueueStats | undefined;
    compare(`${queueId}: how many`, pickCounts(shown), countsOf(items));
    const first = leader.rooms.get(`head:${queueId}`)!.latest.get('queue.first') as QueueFirst | undefined;
    const turn = items.filter(({ state }) => state === 'queued').sort(byTurn);
    compare(
      `${queueId}: who is first`,
      first?.map(({ itemId }) => itemId),
      turn.slice(0, first?.length ?? 0).map(({ itemId }) => itemId),
    );
  }
  const floor = leader.rooms.get('floor')!;
  const seats: Partial<Record<Presence, number>> = {};
  for (const [key, card] of floor.cards) {
    if (!key.startsWith('seat:')) continue;
    const { presence } = card as SeatCard;
    seats[presence] = (seats[presence] ?? 0) + 1;
  }
  const shown = floor.latest.get('floor.seats') as FloorLatest['floor.seats'] | undefined;
  compare('seats', shown && Object.fromEntries(Object.entries(shown).filter(([, count]) => count > 0)), seats);
  return different;
}

/** Each number opens exactly the items behind it. */
async function queriedDifferences(leader: Console, random: () => number): Promise<CounterDifference[]> {
  const queues = leader.rooms.get('floor')!.latest.get('floor.queues') as FloorLatest['floor.queues'] | undefined;
  if (!queues) return [{ what: 'floor.queues', shown: null, recomputed: 'numbers' }];
  const different: CounterDifference[] = [];
  const measures: [FloorMeasure, keyof QueueStats][] = [
    ['waiting', 'waiting'],
    ['offered', 'offered'],
    ['claimed', 'claimed'],
    ['at_risk', 'atRisk'],
    ['breached', 'breached'],
    ['expired', 'expired'],
  ];
  for (const queueId of QUEUES) {
    for (const [measure, name] of measures) {
      const query = { queueId, measure, limit: 1 };
      const { total } = await untilAnswered(
        () => leader.client.http.get<FloorItemPage>('/api/floor/items', { query }),
        random,
      );
      if (total !== queues[queueId][name]) {
        different.push({ what: `${queueId}: ${measure}`, shown: queues[queueId][name], recomputed: total });
      }
    }
  }
  return different;
}

function itemsOf(leader: Console, queueId: QueueId): QueueItemCard[] {
  return [...leader.rooms.get(`queue:${queueId}`)!.cards]
    .filter(([key]) => key.startsWith('item:'))
    .map(([, card]) => card as QueueItemCard);
}

type Counts = Pick<QueueStats, 'waiting' | 'offered' | 'claimed' | 'oldestQueuedAt'>;

const pickCounts = (stats: QueueStats | undefined): Counts | undefined =>
  stats && {
    waiting: stats.waiting,
    offered: stats.offered,
    claimed: stats.claimed,
    oldestQueuedAt: stats.oldestQueuedAt,
  };

function countsOf(items: readonly QueueItemCard[]): Counts {
  const of = (state: string) => items.filter((item) => item.state === state);
  const queued = of('queued').map(({ queuedAt }) => queuedAt);
  return {
    waiting: queued.length,
    offered: of('offered').length,
    claimed: of('claimed').length,
    oldestQueuedAt: queued.length === 0 ? null : Math.min(...queued),
  };
}

const PATIENCE_MS = 3_600_000;

/** [RT6] What stands for the due time, with the patience that the hub is shipped with. */
const dueOrderOf = ({ dueAt, queuedAt }: QueueItemCard): number =>
  dueAt === null ? queuedAt + PATIENCE_MS : Math.max(dueAt, queuedAt - PATIENCE_MS);

/** Critical, then given back, then what is due, then age. [QS1] [QS2] */
function byTurn(a: QueueItemCard, b: QueueItemCard): number {
  return (
    Number(b.critical) - Number(a.critical) ||
    Number(b.atHead) - Number(a.atHead) ||
    dueOrderOf(a) - dueOrderOf(b) ||
    a.queuedAt - b.queuedAt ||
    (a.itemId < b.itemId ? -1 : 1)
  );
}
